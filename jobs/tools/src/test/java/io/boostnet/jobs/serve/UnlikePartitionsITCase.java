package io.boostnet.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.Precision;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One job under a fixed budget, two subtasks: the partition of one holds the half of the classes
 * that the first exit finds easiest, that of the other the rest.
 */
@ExtendWith(BrokerExtension.class)
@Timeout(180)
class UnlikePartitionsITCase {

  private static final String BUNDLE = Path.of("demo", "models", "cifar100-msdnet").toString();
  private static final Path FRAMES = Path.of("demo", "frames", "cifar100-test.avro");
  private static final double SHARE = 0.55;
  private static final int RATE = 200;
  private static final int COUNT = 60 * RATE;
  private static final int SETTLED = 10 * RATE;

  @Test
  void fixedBudget_easyAndHardPartition_isSpentWithoutForcedExits(KafkaAccess kafka)
      throws Exception {
    ServeConfig config = ServeRun.config("unlike", kafka, BUNDLE, "unlike-frames", 2);
    TopicConfig topics = config.kafka().topics();
    kafka.ensureTopics(Map.of(topics.frames(), 2));
    ServeRun.createTopics(config, kafka);
    // In operations and in floats, so that neither a faster form nor its times are in the figures.
    EarlyExitInference inference =
        EarlyExitInference.fromBundle(BUNDLE)
            .withBudget(Budget.fixed(SHARE))
            .withCost(CostUnit.MACS)
            .withPrecision(Precision.FP32);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(ServeJob.flinkOptions(config));
    new ServeJob(config, inference, kafka).wire(env);
    JobClient job = env.executeAsync(config.pipeline());
    try {
      publish(kafka, topics.frames());
      List<Prediction> settled =
          ServeRun.read(COUNT, topics, kafka).predictions().stream()
              .filter(prediction -> prediction.getSequence() >= SETTLED)
              .toList();

      List<Prediction> easy = of("easy", settled);
      List<Prediction> hard = of("hard", settled);
      double cost = mean(settled, Prediction::getCost);
      double forced = mean(settled, prediction -> prediction.getForced() ? 1 : 0);
      System.out.printf(
          "budget %.3f: cost %.3f, easy %.3f, hard %.3f; forced %.1f %%, easy %.1f %%, hard %.1f %%; right %.2f %%, easy %.2f %%, hard %.2f %%%n",
          SHARE,
          cost,
          mean(easy, Prediction::getCost),
          mean(hard, Prediction::getCost),
          100 * forced,
          100 * mean(easy, prediction -> prediction.getForced() ? 1 : 0),
          100 * mean(hard, prediction -> prediction.getForced() ? 1 : 0),
          100 * right(settled),
          100 * right(easy),
          100 * right(hard));
      assertThat(cost).isEqualTo(SHARE, within(0.02 * SHARE));
      assertThat(forced).isLessThan(0.02);
      assertThat(mean(easy, Prediction::getCost)).isLessThan(0.95 * SHARE);
      assertThat(mean(hard, Prediction::getCost)).isGreaterThan(1.05 * SHARE);
    } finally {
      job.cancel().get(30, TimeUnit.SECONDS);
      job.getJobExecutionResult().handle((result, cancelled) -> null).get(30, TimeUnit.SECONDS);
    }
  }

  private static void publish(KafkaAccess kafka, String topic) throws IOException {
    List<ImageFrame> all = new ArrayList<>();
    try (FrameFile file = FrameFile.open(FRAMES)) {
      file.forEachRemaining(all::add);
    }
    Predicate<ImageFrame> isEasy = easyClasses();
    List<List<ImageFrame>> halves =
        List.of(
            all.stream().filter(isEasy).toList(), all.stream().filter(isEasy.negate()).toList());
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      long start = System.nanoTime();
      for (int i = 0; i < COUNT; i++) {
        List<ImageFrame> half = halves.get(i % 2);
        ImageFrame frame =
            ImageFrame.newBuilder(half.get(i / 2 % half.size()))
                .setSourceId(i % 2 == 0 ? "easy" : "hard")
                .setSequence(i)
                .setTimestampMs(System.currentTimeMillis())
                .build();
        producer.send(
            new ProducerRecord<>(
                topic, i % 2, null, null, ImageFrame.getEncoder().encode(frame).array()));
        LockSupport.parkNanos(start + (long) (1e9 * (i + 1) / RATE) - System.nanoTime());
      }
    }
  }

  /** Frames of classes that the first exit is right about as often as usual, or more often. */
  private static Predicate<ImageFrame> easyClasses() {
    Evidence evidence = ModelBundle.read(BUNDLE).calibration();
    int classes = 100;
    double[] images = new double[classes];
    double[] right = new double[classes];
    for (int image = 0; image < evidence.images(); image++) {
      images[evidence.label(image)]++;
      right[evidence.label(image)] += evidence.correct(1, image) ? 1 : 0;
    }
    double usual = evidence.accuracy(1);
    return frame -> right[frame.getLabel()] >= usual * images[frame.getLabel()];
  }

  private static List<Prediction> of(String source, List<Prediction> predictions) {
    return predictions.stream()
        .filter(prediction -> prediction.getSourceId().equals(source))
        .toList();
  }

  private static double right(List<Prediction> predictions) {
    return mean(
        predictions, prediction -> prediction.getTrueLabel().equals(prediction.getLabel()) ? 1 : 0);
  }

  private static double mean(List<Prediction> predictions, ToDoubleFunction<Prediction> figure) {
    return predictions.stream().mapToDouble(figure).average().orElseThrow();
  }
}
