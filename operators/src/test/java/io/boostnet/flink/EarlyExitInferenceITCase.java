package io.boostnet.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.codec.FrameSamples;
import io.boostnet.flink.codec.ImageFrameDecoder;
import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.onnx.SharedSessions;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.options.Limits;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.flink.options.OutputOrder;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlyExitInferenceITCase {

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(4)
              .build());

  /** Where a confidence lies this close to its threshold, batching may tip the decision. */
  private static final double TIE = 1e-5;

  private static final int FRAMES = 400;
  private static final String BUNDLE = TestBundles.random().toString();

  private static List<ImageFrame> frames;
  private static double[] thresholds;
  private static Map<Long, Offline> offline;

  /** What single images, stage after stage, gave. */
  private record Offline(int exit, int label, boolean tie) {}

  @BeforeAll
  static void runOffline() throws Exception {
    frames = TestBundles.frames(FRAMES);
    List<List<Confidence>> all = new ArrayList<>();
    try (SampleDecoder<ImageFrame> decoder =
            new FrameSamples<>(
                new ImageFrameDecoder(), TestBundles.cascade().preprocessing(), Limits.DEFAULT);
        StageRunner first = open(0);
        StageRunner second = open(1);
        StageRunner third = open(2);
        MicroBatch one = first.allocate(1);
        MicroBatch two = second.allocate(1);
        MicroBatch three = third.allocate(1)) {
      decoder.open();
      Features image = Features.allocate(first.stage().inputs());
      for (ImageFrame frame : frames) {
        decoder.decode(frame, image);
        List<Confidence> exits = new ArrayList<>();
        Features features = image;
        for (var step :
            Map.of(0, one, 1, two, 2, three).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .toList()) {
          MicroBatch batch = step.getValue();
          batch.clear();
          batch.append(features);
          List.of(first, second, third).get(step.getKey()).run(batch);
          exits.add(Confidence.of(batch.logits(), 0, 10));
          features = batch.carried(0);
        }
        all.add(exits);
      }
    }
    thresholds = new double[] {median(all, 0), median(all, 1), 0};
    Thresholds fixed = Thresholds.of(1, thresholds);
    offline = new java.util.HashMap<>();
    for (int i = 0; i < FRAMES; i++) {
      offline.put((long) i, decide(all.get(i), fixed));
    }
  }

  private static StageRunner open(int stage) throws Exception {
    ModelBundle bundle = ModelBundle.read(BUNDLE);
    return bundle.stage(bundle.cascade().stages().get(stage), Device.CPU).open();
  }

  private static double median(List<List<Confidence>> all, int exit) {
    return all.stream().mapToDouble(exits -> exits.get(exit).value()).sorted().toArray()[FRAMES / 2]
        + 2 * TIE;
  }

  private static Offline decide(List<Confidence> exits, Thresholds fixed) {
    boolean tie = false;
    for (int exit = 1; ; exit++) {
      Confidence confidence = exits.get(exit - 1);
      tie |= Math.abs(confidence.value() - fixed.at(exit)) < TIE;
      if (fixed.leaves(exit, confidence.value())) {
        return new Offline(exit, confidence.label(), tie);
      }
    }
  }

  private static StreamExecutionEnvironment environment(int parallelism) {
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    environment.setParallelism(parallelism);
    environment.getConfig().enableObjectReuse();
    return environment;
  }

  private static EarlyExitInference.Result wire(
      StreamExecutionEnvironment environment,
      List<ImageFrame> input,
      java.util.function.UnaryOperator<EarlyExitInference> options) {
    return options
        .apply(EarlyExitInference.fromBundle(BUNDLE).withThresholds(thresholds))
        .apply(
            environment
                .fromData(input, new AvroTypeInfo<>(ImageFrame.class))
                .map(frame -> frame)
                .returns(new AvroTypeInfo<>(ImageFrame.class)));
  }

  private static <T> List<T> collect(org.apache.flink.streaming.api.datastream.DataStream<T> stream)
      throws Exception {
    List<T> values = new ArrayList<>();
    try (CloseableIterator<T> results = stream.executeAndCollect()) {
      results.forEachRemaining(values::add);
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, UNORDERED, 0",
    "8, 1, ORDERED, 0",
    "8, 2, UNORDERED, 0",
    "0, 2, ORDERED, 0",
    "4, 2, ORDERED, 2",
    "3, 1, UNORDERED, 3"
  })
  void stream_decidesAsSingleImagesDo(int size, int parallelism, OutputOrder order, int chainBreak)
      throws Exception {
    var result =
        wire(
            environment(parallelism),
            frames,
            job -> {
              job.withMicroBatching(MicroBatching.of(size)).withOrder(order);
              return chainBreak == 0 ? job : job.withChainBreakBefore(chainBreak);
            });

    List<Prediction> predictions = collect(result.predictions());

    assertThat(predictions).hasSize(FRAMES);
    assertThat(predictions.stream().map(Prediction::getSequence).distinct()).hasSize(FRAMES);
    for (Prediction prediction : predictions) {
      Offline expected = offline.get(prediction.getSequence());
      if (!expected.tie()) {
        assertThat(prediction.getExit()).isEqualTo(expected.exit());
        assertThat(prediction.getLabel()).isEqualTo(expected.label());
      }
      assertThat(prediction.getTrueLabel()).isEqualTo((int) (prediction.getSequence() % 10));
      assertThat(prediction.getLabelName()).isEqualTo(String.valueOf(prediction.getLabel()));
    }
    assertThat(predictions.stream().map(Prediction::getExit).distinct()).hasSize(3);
    if (order == OutputOrder.ORDERED) {
      Map<Integer, List<Long>> bySubtask =
          predictions.stream()
              .collect(
                  Collectors.groupingBy(
                      Prediction::getSubtask,
                      Collectors.mapping(Prediction::getSequence, Collectors.toList())));
      bySubtask.values().forEach(sequence -> assertThat(sequence).isSorted());
    }
    assertThat(SharedSessions.open()).isZero();
  }

  @Test
  void badImages_becomeDeadLetters_andTheOthersAreClassified() throws Exception {
    List<ImageFrame> input = new ArrayList<>(TestBundles.frames(20));
    for (int i = 0; i < 20; i += 4) {
      input.get(i).setImage(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }
    var result = wire(environment(2), input, job -> job);
    List<DeadLetter> letters = collect(result.deadLetters());

    assertThat(letters.stream().map(DeadLetter::getSequence).sorted().toList())
        .containsExactly(0L, 4L, 8L, 12L, 16L);
    assertThat(letters.get(0).getStage()).isEqualTo("decode");
    assertThat(letters.get(0).getPayload()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    assertThat(collect(wire(environment(2), input, job -> job).predictions())).hasSize(15);
  }

  @Test
  void start_isAnnounced() throws Exception {
    List<ControlEvent> events =
        collect(wire(environment(1), TestBundles.frames(3), job -> job).controlEvents());
    assertThat(events).hasSize(1);
    assertThat(events.get(0).getThresholds()).hasSize(3);
    assertThat(events.get(0).getPipeline()).isEqualTo("boostnet");
  }

  @Test
  void framesToSink_isOneTask() {
    StreamExecutionEnvironment environment = environment(2);
    var result = wire(environment, frames, job -> job);
    result.predictions().sinkTo(new DiscardingSink<>()).name("sink").setParallelism(2);

    List<String> tasks = new ArrayList<>();
    for (JobVertex vertex : environment.getStreamGraph().getJobGraph().getVertices()) {
      tasks.add(vertex.getName());
    }

    assertThat(tasks)
        .anySatisfy(
            name ->
                assertThat(name)
                    .contains("Map", "decode", "stage-1", "stage-2", "stage-3")
                    .contains("outcomes", "predictions", "dead-letters", "sink"));
  }

  @Test
  void twoJobs_shareOneSessionPerStage_andCloseThemAll() throws Exception {
    JobClient one = startUnbounded();
    JobClient another = startUnbounded();
    for (JobClient job : List.of(one, another)) {
      CommonTestUtils.waitUntilCondition(
          () -> job.getAccumulators().get().get(COUNT) instanceof Long count && count > 0);
    }
    assertThat(SharedSessions.open()).isEqualTo(3);

    one.cancel().get();
    CommonTestUtils.waitUntilCondition(
        () -> one.getJobStatus().get() == org.apache.flink.api.common.JobStatus.CANCELED);
    assertThat(SharedSessions.open()).isEqualTo(3);

    another.cancel().get();
    CommonTestUtils.waitUntilCondition(() -> SharedSessions.open() == 0);
  }

  private static final String COUNT = "predictions";

  /** A job of parallelism 2 that classifies the same frames until it is cancelled. */
  private static JobClient startUnbounded() throws Exception {
    StreamExecutionEnvironment environment = environment(2);
    List<ImageFrame> few = TestBundles.frames(4);
    DataGeneratorSource<Long> numbers =
        new DataGeneratorSource<>(
            i -> i, Long.MAX_VALUE, RateLimiterStrategy.perSecond(50), Types.LONG);
    EarlyExitInference.fromBundle(BUNDLE)
        .withThresholds(thresholds)
        .apply(
            environment
                .fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers")
                .map(new RepeatedFrames(new ArrayList<>(few)))
                .returns(new AvroTypeInfo<>(ImageFrame.class)))
        .predictions()
        .map(new Counting())
        .sinkTo(new DiscardingSink<>());
    return environment.executeAsync();
  }

  private record RepeatedFrames(ArrayList<ImageFrame> frames)
      implements MapFunction<Long, ImageFrame> {
    @Override
    public ImageFrame map(Long i) {
      return frames.get((int) (i % frames.size()));
    }
  }

  private static final class Counting extends RichMapFunction<Prediction, Long> {
    private static final long serialVersionUID = 1;
    private final LongCounter count = new LongCounter();

    @Override
    public void open(OpenContext context) {
      getRuntimeContext().addAccumulator(COUNT, count);
    }

    @Override
    public Long map(Prediction prediction) {
      count.add(1);
      return prediction.getSequence();
    }
  }
}
