package io.boostnet.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.options.MicroBatching;
import io.boostnet.flink.options.OutputOrder;
import io.boostnet.flink.options.Tracking;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames that inherit, in a cluster: through the chain, under every order, over a rescale. */
class TrackingITCase {

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(4)
              .build());

  private static final String BUNDLE = TestBundles.random().toString();
  private static final List<ImageFrame> IMAGES = TestBundles.frames(20);
  private static final int CAMERAS = 6;
  private static final int LENGTH = 100;

  /** Frames of all cameras whose times lie within an hour, whichever subtask makes them. */
  private static final long WITHIN_THE_SILENCE = 100_000;

  private static final Tracking STILL = Tracking.NONE.unchangedWithin(3, Duration.ofHours(1));

  /** Each camera shows one image, and from the middle on another. */
  private static ImageFrame frame(long number) {
    int camera = (int) (number % CAMERAS);
    long sequence = number / CAMERAS;
    return frame(camera, sequence, camera + (sequence < LENGTH / 2 ? 0 : CAMERAS));
  }

  private static ImageFrame frame(int camera, long sequence, int shown) {
    return ImageFrame.newBuilder(IMAGES.get(shown))
        .setSourceId("camera-" + camera)
        .setSequence(sequence)
        .setTimestampMs(200 * sequence)
        .build();
  }

  private static List<ImageFrame> frames() {
    List<ImageFrame> frames = new ArrayList<>();
    for (long number = 0; number < CAMERAS * LENGTH; number++) {
      frames.add(frame(number));
    }
    return frames;
  }

  private static StreamExecutionEnvironment environment(int parallelism, Configuration settings) {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(settings);
    environment.setParallelism(parallelism);
    environment.getConfig().enableObjectReuse();
    return environment;
  }

  private static EarlyExitInference.Result wire(
      DataStream<ImageFrame> frames, Tracking tracking, OutputOrder order, int microBatch) {
    return EarlyExitInference.fromBundle(BUNDLE)
        .withThresholds(0.12, 0.13, 0)
        .withTracking(tracking)
        .withOrder(order)
        .withMicroBatching(MicroBatching.of(microBatch).withLinger(Duration.ofMillis(2)))
        .apply(
            frames
                .keyBy(ImageFrame::getSourceId)
                .map(frame -> frame)
                .returns(new AvroTypeInfo<>(ImageFrame.class))
                .uid("keyed"));
  }

  private static <T> List<T> collect(DataStream<T> stream) throws Exception {
    List<T> values = new ArrayList<>();
    try (CloseableIterator<T> results = stream.executeAndCollect()) {
      results.forEachRemaining(values::add);
    }
    return values;
  }

  private static List<Prediction> predictions(
      Tracking tracking, int parallelism, OutputOrder order, int microBatch) throws Exception {
    DataStream<ImageFrame> frames =
        environment(parallelism, new Configuration())
            .fromData(frames(), new AvroTypeInfo<>(ImageFrame.class));
    return collect(wire(frames, tracking, order, microBatch).predictions());
  }

  private static Set<String> ran(List<Prediction> predictions) {
    return predictions.stream()
        .filter(prediction -> !prediction.getInherited())
        .map(prediction -> prediction.getSourceId() + "/" + prediction.getSequence())
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @CsvSource({"1, 1, UNORDERED", "8, 2, UNORDERED", "8, 2, ORDERED", "1, 3, ORDERED"})
  void stillCameras_runTheFramesThatChanged_andDecideAllAlike(
      int microBatch, int parallelism, OutputOrder order) throws Exception {
    Map<String, Integer> labels =
        predictions(Tracking.NONE, 1, OutputOrder.UNORDERED, 1).stream()
            .collect(
                Collectors.toMap(
                    it -> it.getSourceId() + "/" + it.getSequence(), Prediction::getLabel));

    List<Prediction> predictions = predictions(STILL, parallelism, order, microBatch);

    Set<String> changed = new HashSet<>();
    for (int camera = 0; camera < CAMERAS; camera++) {
      changed.add("camera-" + camera + "/0");
      changed.add("camera-" + camera + "/" + LENGTH / 2);
    }
    assertThat(predictions).hasSize(CAMERAS * LENGTH);
    assertThat(ran(predictions)).isEqualTo(changed);
    for (Prediction prediction : predictions) {
      String frame = prediction.getSourceId() + "/" + prediction.getSequence();
      assertThat(prediction.getLabel()).as(frame).isEqualTo(labels.get(frame));
      assertThat(prediction.getCost() > 0).as(frame).isEqualTo(!prediction.getInherited());
    }
    if (order == OutputOrder.ORDERED) {
      predictions.stream()
          .collect(
              Collectors.groupingBy(
                  Prediction::getSourceId,
                  Collectors.mapping(Prediction::getSequence, Collectors.toList())))
          .values()
          .forEach(sequences -> assertThat(sequences).isSorted().doesNotHaveDuplicates());
    }
  }

  @Test
  void tracks_haveADecisionForEveryFrame() throws Exception {
    List<Prediction> predictions =
        predictions(Tracking.parse("source").skipping(2), 2, OutputOrder.UNORDERED, 4);

    assertThat(predictions).hasSize(CAMERAS * LENGTH);
    assertThat(predictions.stream().map(it -> it.getSourceId() + "/" + it.getSequence()).distinct())
        .hasSize(CAMERAS * LENGTH);
    predictions.sort(
        Comparator.comparing(Prediction::getSourceId).thenComparing(Prediction::getSequence));
    int skipped = 0;
    int inARow = 0;
    for (int i = 0; i < predictions.size(); i++) {
      Prediction prediction = predictions.get(i);
      inARow = prediction.getInherited() ? inARow + 1 : 0;
      skipped += prediction.getInherited() ? 1 : 0;
      assertThat(inARow).as("skipped up to %s", prediction).isLessThanOrEqualTo(2);
      if (inARow > 0) {
        assertThat(prediction.getLabel()).isEqualTo(predictions.get(i - 1).getLabel());
        assertThat(prediction.getCost()).isZero();
      }
    }
    assertThat(skipped).isGreaterThan(CAMERAS * LENGTH / 10);
  }

  @Test
  void controlEvent_ofTheStart_tellsNoShareThatInherited() throws Exception {
    DataStream<ImageFrame> frames =
        environment(1, new Configuration())
            .fromData(frames(), new AvroTypeInfo<>(ImageFrame.class));
    List<ControlEvent> events =
        collect(wire(frames, STILL, OutputOrder.UNORDERED, 1).controlEvents());

    assertThat(events).isNotEmpty();
    assertThat(events.get(0).getInheritedShare()).isNull();
  }

  @Test
  void rescaled_fromASavepoint_tracksAreKept(@TempDir Path savepoints) throws Exception {
    StreamExecutionEnvironment two = environment(2, new Configuration());
    wire(generated(two, WITHIN_THE_SILENCE, "before"), STILL, OutputOrder.UNORDERED, 4)
        .predictions()
        .map(new Counting())
        .sinkTo(new DiscardingSink<>())
        .uid("end");
    JobClient first = two.executeAsync();
    CommonTestUtils.waitUntilCondition(() -> COUNTED.get() > 10 * CAMERAS);
    String savepoint =
        first
            .stopWithSavepoint(false, savepoints.toUri().toString(), SavepointFormatType.CANONICAL)
            .get();

    Configuration settings = new Configuration();
    settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    settings.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
    List<Prediction> after =
        collect(
            wire(
                    generated(environment(3, settings), 10 * CAMERAS, "after"),
                    STILL,
                    OutputOrder.UNORDERED,
                    4)
                .predictions());

    assertThat(after).hasSize(10 * CAMERAS);
    assertThat(ran(after)).isEmpty();
  }

  private static DataStream<ImageFrame> generated(
      StreamExecutionEnvironment environment, long count, String uid) {
    DataGeneratorSource<Long> numbers =
        new DataGeneratorSource<>(i -> i, count, RateLimiterStrategy.perSecond(200), Types.LONG);
    return environment
        .fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers")
        .uid(uid)
        .map(new Shown())
        .returns(new AvroTypeInfo<>(ImageFrame.class))
        .uid("frames");
  }

  private static final class Shown implements MapFunction<Long, ImageFrame> {
    private static final long serialVersionUID = 1;

    @Override
    public ImageFrame map(Long number) {
      int camera = (int) (number % CAMERAS);
      return frame(camera, number / CAMERAS, camera);
    }
  }

  /** Predictions of the job that is stopped, which runs in this JVM. */
  private static final AtomicLong COUNTED = new AtomicLong();

  private static final class Counting implements MapFunction<Prediction, Long> {
    private static final long serialVersionUID = 1;

    @Override
    public Long map(Prediction prediction) {
      return COUNTED.incrementAndGet();
    }
  }

  @Test
  void tracks_withABrokenChain_areRefused() {
    EarlyExitInference job = EarlyExitInference.fromBundle(BUNDLE).withTracking(STILL);
    assertThatThrownBy(() -> job.withChainBreakBefore(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("judge frames alone");
  }
}
