package io.boostnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.ServeRun;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job jar on a session cluster. A native library can be loaded once in a JVM, and every
 * submission brings a new class loader: that is why ONNX Runtime and OpenCV belong in Flink's lib
 * directory.
 */
@ExtendWith(BrokerExtension.class)
@Timeout(900)
class SessionClusterITCase {

  private static final Path JAR = Path.of("target", "boostnet-job.jar");
  private static final Path HELD = Path.of("target", "session-cluster", "held.txt");
  private static final String TOPIC = "cluster-frames";
  private static final int FRAMES = 20;

  /** {@code mvn verify -Psoak} makes it 20. */
  private static final int SUBMISSIONS = Integer.getInteger("soak.submissions", 10);

  /** Submissions at the start whose classes and pools the process is still filling. */
  private static final int WARM_UP = 4;

  private static final double MOST_METASPACE_MB = 1.5;
  private static final double MOST_RESIDENT_MB = 8;

  @TempDir Path directory;

  @Test
  void serve_manySubmissionsToOneCluster_allPredictAndLeaveNothing(KafkaAccess kafka)
      throws Exception {
    publishFrames(kafka);
    Path bundle = TestBundle.DIRECTORY.toRealPath();
    try (SessionCluster cluster = SessionCluster.start(directory, JAR)) {
      List<String> taskManagers = cluster.taskManagers();
      List<SessionCluster.Held> held = new ArrayList<>();
      for (int i = 0; i < SUBMISSIONS; i++) {
        String run = "cluster-" + i;
        ServeConfig.Topics topics =
            ServeRun.config(run, kafka, bundle.toString(), TOPIC, 1).kafka().topics();
        kafka.ensureTopics(Map.of(topics.predictions(), 2, topics.deadLetters(), 2));
        String job = cluster.submit(JAR, arguments(run, kafka, bundle, topics));

        ServeRun outcomes = ServeRun.read(FRAMES, topics, kafka);

        assertThat(outcomes.predictions()).as(run).hasSize(FRAMES);
        assertThat(cluster.state(job)).as(run).isEqualTo("RUNNING");
        cluster.cancel(job);
        held.add(cluster.held());
      }
      assertThat(cluster.taskManagers()).isEqualTo(taskManagers);
      Files.write(HELD, held.stream().map(SessionCluster.Held::toString).toList());
      List<SessionCluster.Held> judged = held.subList(WARM_UP, held.size());
      assertThat(perSubmission(judged, SessionCluster.Held::metaspaceMegabytes))
          .as("metaspace, MB per submission: %s", held)
          .isLessThan(MOST_METASPACE_MB);
      assertThat(perSubmission(judged, SessionCluster.Held::residentMegabytes))
          .as("resident memory, MB per submission: %s", held)
          .isLessThan(MOST_RESIDENT_MB);
    }
  }

  /** Least-squares growth per submission. */
  private static double perSubmission(
      List<SessionCluster.Held> held, ToDoubleFunction<SessionCluster.Held> figure) {
    double middle = (held.size() - 1) / 2.0;
    double products = 0;
    double squares = 0;
    for (int i = 0; i < held.size(); i++) {
      products += (i - middle) * figure.applyAsDouble(held.get(i));
      squares += (i - middle) * (i - middle);
    }
    return products / squares;
  }

  private static void publishFrames(KafkaAccess kafka) throws Exception {
    kafka.ensureTopics(Map.of(TOPIC, 1));
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      for (int i = 0; i < FRAMES; i++) {
        byte[] value = ImageFrame.getEncoder().encode(Frames.noise("a", i)).array();
        producer.send(new ProducerRecord<>(TOPIC, value)).get();
      }
    }
  }

  private static List<String> arguments(
      String run, KafkaAccess kafka, Path bundle, ServeConfig.Topics topics) {
    return List.of(
        "serve",
        "--bundle",
        bundle.toString(),
        "--pipeline",
        run,
        "--bootstrap",
        kafka.bootstrapServers(),
        "--group",
        run,
        "--start",
        "earliest",
        "--delivery",
        "at-least-once",
        "--frames-topic",
        topics.frames(),
        "--predictions-topic",
        topics.predictions(),
        "--dead-letters-topic",
        topics.deadLetters(),
        "--control-topic",
        topics.controlEvents(),
        "--thresholds",
        "0.2,0.2,0",
        "--parallelism",
        "1",
        "--checkpoint-interval-ms",
        "1000");
  }
}
