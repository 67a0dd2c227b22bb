package io.boostnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.ServeRun;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The job jar on a session cluster. A native library can be loaded once in a JVM, and every
 * submission brings a new class loader: that is why ONNX Runtime and OpenCV belong in Flink's lib
 * directory.
 */
@Timeout(400)
class SessionClusterITCase {

  private static final Path JAR = Path.of("target", "boostnet-job.jar");
  private static final Path DIRECTORY = Path.of("target", "session-cluster");
  private static final String TOPIC = "cluster-frames";
  private static final int FRAMES = 20;
  private static final int SUBMISSIONS = 10;

  @Test
  void serve_tenSubmissionsToOneCluster_allPredict() throws Exception {
    Path bundle = TestBundle.DIRECTORY.toRealPath();
    LocalCluster.in(DIRECTORY).ifPresent(LocalCluster::delete);
    try (LocalCluster cluster =
        LocalCluster.start(DIRECTORY, ClusterPlan.of(1, 1), LocalCluster.Lifetime.OF_THIS_JVM)) {
      KafkaAccess kafka = cluster.kafka();
      publishFrames(kafka);
      List<LocalCluster.Status> before = cluster.status();
      for (int i = 0; i < SUBMISSIONS; i++) {
        String run = "cluster-" + i;
        ServeConfig.Topics topics =
            ServeRun.config(run, kafka, bundle.toString(), TOPIC, 1).kafka().topics();
        kafka.ensureTopics(Map.of(topics.predictions(), 2, topics.deadLetters(), 2));
        String job = cluster.flink().submit(JAR, arguments(run, kafka, bundle, topics), null);

        ServeRun outcomes = ServeRun.read(FRAMES, topics, kafka);

        assertThat(outcomes.predictions()).as(run).hasSize(FRAMES);
        assertThat(cluster.flink().state(job)).as(run).isEqualTo("RUNNING");
        cluster.flink().cancel(job);
      }
      assertThat(cluster.status()).isEqualTo(before);
    }
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
