package io.boostnet.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.flink.options.OutputOrder;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.ServeJob;
import io.boostnet.jobs.serve.ServeRun;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The Kafka job decides of every image what the offline evaluation decides of it: the shipped
 * traffic-sign model on the frames of tracks that it was not trained on.
 */
@ExtendWith(BrokerExtension.class)
@Timeout(300)
class StreamEqualsOfflineITCase {

  private static final String TOPIC = "equality-frames";
  private static final Path BUNDLE = Path.of("demo", "models", "gtsrb-msdnet");
  private static final Path FRAMES = Path.of("demo", "frames", "gtsrb-tracks.avro");
  private static final int AT_LEAST = 2000;

  /** In 8 bits, since frames then cross the stages in bytes, folded. */
  private static final Precision PRECISION = Precision.INT8;

  /** Another micro-batch may change the last bits of a confidence. */
  private static final double NEAR = 1e-5;

  private static final Map<String, ExitRecord> OFFLINE = new HashMap<>();
  private static Thresholds thresholds;
  private static int images;
  private static int nearThreshold;

  @BeforeAll
  static void evaluateAndPublish(KafkaAccess kafka) throws Exception {
    List<ImageFrame> frames = new ArrayList<>();
    try (FrameFile file = FrameFile.open(FRAMES)) {
      file.forEachRemaining(frames::add);
    }
    List<ExitRecord> records = new ArrayList<>();
    ModelBundle bundle = ModelBundle.read(BUNDLE.toString()).served(PRECISION, Device.CPU);
    try (OfflineCascade offline = new OfflineCascade(bundle, Device.CPU, 8, records::add)) {
      for (ImageFrame frame : frames) {
        offline.add(frame);
      }
      offline.flush();
    }
    assertThat(records).hasSameSizeAs(frames).hasSizeGreaterThanOrEqualTo(AT_LEAST);
    images = records.size();
    thresholds = thirds(records, bundle.cascade().exits());
    records.forEach(record -> OFFLINE.put(record.sourceId() + record.sequence(), record));

    kafka.ensureTopics(Map.of(TOPIC, 2));
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      for (ImageFrame frame : frames) {
        byte[] value = ImageFrame.getEncoder().encode(frame).array();
        byte[] key = frame.getSourceId().getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(TOPIC, key, value));
      }
    }
  }

  @AfterAll
  static void report() {
    System.out.printf("images that differ within %s of a threshold: %d%n", NEAR, nearThreshold);
  }

  /** Thresholds that let a third leave at each exit of those that reach it. */
  private static Thresholds thirds(List<ExitRecord> records, int exits) {
    double[] values = new double[exits];
    List<ExitRecord> there = new ArrayList<>(records);
    for (int exit = 0; exit < exits - 1; exit++) {
      int at = exit;
      there.sort(Comparator.comparingDouble(record -> -record.confidence()[at]));
      int leaving = there.size() / 3;
      values[exit] = there.get(leaving).confidence()[exit];
      there = new ArrayList<>(there.subList(leaving + 1, there.size()));
    }
    return Thresholds.of(1, values);
  }

  @ParameterizedTest
  @CsvSource({
    "1, UNORDERED, 1, 0",
    "1, ORDERED, 2, 0",
    "8, UNORDERED, 2, 0",
    "8, ORDERED, 1, 0",
    "0, UNORDERED, 2, 0", // auto
    "0, ORDERED, 1, 0",
    "8, ORDERED, 2, 2", // a new chain before stage 2
  })
  void serve_anySetting_decidesAsEvaluateDoes(
      int microBatch, OutputOrder order, int parallelism, int chainBreak, KafkaAccess kafka)
      throws Exception {
    String bundle = BUNDLE.toString();
    String name = "equality-%d-%s-%d-%d".formatted(microBatch, order, parallelism, chainBreak);
    ServeConfig config = ServeRun.config(name, kafka, bundle, TOPIC, parallelism);
    EarlyExitInference inference =
        EarlyExitInference.fromBundle(bundle)
            .withPipelineName(name)
            .withThresholds(thresholds.toArray())
            .withDevice(Device.CPU)
            .withPrecision(PRECISION)
            .withOrder(order)
            .withMicroBatching(
                microBatch == 0 ? MicroBatching.auto() : MicroBatching.of(microBatch));
    if (chainBreak > 0) {
      inference.withChainBreakBefore(chainBreak);
    }

    ServeRun.createTopics(config, kafka);
    ServeJob job = new ServeJob(config, inference, kafka);
    ServeRun run = ServeRun.until(images, config, job, kafka);

    assertThat(run.deadLetters()).isEmpty();
    assertThat(run.predictions())
        .extracting(p -> p.getSourceId() + p.getSequence())
        .containsExactlyInAnyOrderElementsOf(OFFLINE.keySet());
    run.predictions().forEach(StreamEqualsOfflineITCase::checkEqual);
    assertThat(run.predictions().stream().mapToInt(Prediction::getExit).distinct()).hasSize(4);
    if (order == OutputOrder.ORDERED) {
      checkOrdered(run.predictions());
    }
  }

  private static void checkEqual(Prediction prediction) {
    ExitRecord offline = OFFLINE.get(prediction.getSourceId() + prediction.getSequence());
    int exit = offline.exitAt(thresholds);
    boolean equal =
        prediction.getExit() == exit && prediction.getLabel() == offline.label()[exit - 1];
    if (!equal && isNear(offline)) {
      nearThreshold++;
      return;
    }
    assertThat(equal)
        .as(
            "%s: offline leaves at %d, confidences %s, thresholds %s",
            prediction, exit, Arrays.toString(offline.confidence()), thresholds)
        .isTrue();
    assertThat((double) prediction.getConfidence())
        .isCloseTo(offline.confidence()[exit - 1], within(NEAR));
  }

  private static boolean isNear(ExitRecord record) {
    for (int exit = 1; exit < thresholds.exits(); exit++) {
      if (Math.abs(record.confidence()[exit - 1] - thresholds.at(exit)) < NEAR) {
        return true;
      }
    }
    return false;
  }

  private static void checkOrdered(List<Prediction> predictions) {
    Map<String, Long> last = new HashMap<>();
    for (Prediction prediction : predictions) {
      Long before = last.put(prediction.getSourceId(), prediction.getSequence());
      assertThat(prediction.getSequence())
          .as(prediction.getSourceId())
          .isEqualTo(before == null ? 0 : before + 1);
    }
  }
}
