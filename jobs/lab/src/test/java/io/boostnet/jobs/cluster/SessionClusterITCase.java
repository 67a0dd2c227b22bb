package io.boostnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.ServeRun;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.ImageFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.apache.flink.util.FileUtils;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job jar on a session cluster. A native library can be loaded once in a JVM, and every
 * submission brings a new class loader: that is why ONNX Runtime and OpenCV belong in Flink's lib
 * directory.
 */
@Timeout(900)
class SessionClusterITCase {

  private static final Path JAR = Path.of("target", "boostnet-job.jar");
  private static final Path DIRECTORY = Path.of("target", "session-cluster");
  private static final Path HELD = Path.of("target", "session-cluster-held.txt");
  private static final String TOPIC = "cluster-frames";
  private static final int FRAMES = 20;

  /** {@code mvn verify -Psubmissions} makes it 20. */
  private static final int SUBMISSIONS = Integer.getInteger("cluster.submissions", 10);

  /**
   * Submissions at the start, while the process still fills: the classes of five or six jobs stay
   * in it, and of no more.
   */
  private static final int WARM_UP = 6;

  private static final double MOST_METASPACE_MB = 1.5;

  /**
   * A few submissions tell a native library that is loaded anew by each, 80 MB and more; only many
   * tell a slow leak from pools that are still filling.
   */
  private static final double MOST_RESIDENT_MB = SUBMISSIONS < 20 ? 25 : 4;

  @Test
  void serve_manySubmissionsToOneCluster_allPredictAndLeaveNothing() throws Exception {
    Path bundle = TestBundle.DIRECTORY.toRealPath();
    LocalCluster.in(DIRECTORY).ifPresent(LocalCluster::delete);
    try (LocalCluster cluster =
        LocalCluster.start(DIRECTORY, ClusterPlan.of(1, 1), LocalCluster.Lifetime.OF_THIS_JVM)) {
      KafkaAccess kafka = cluster.kafka();
      publishFrames(kafka);
      List<LocalCluster.Status> before = cluster.status();
      List<Held> held = new ArrayList<>();
      for (int i = 0; i < SUBMISSIONS; i++) {
        String run = "cluster-" + i;
        TopicConfig topics =
            ServeRun.config(run, kafka, bundle.toString(), TOPIC, 1).kafka().topics();
        kafka.ensureTopics(Map.of(topics.predictions(), 2, topics.deadLetters(), 2));
        String job = cluster.flink().submit(JAR, arguments(run, kafka, bundle, topics), null);

        ServeRun outcomes = ServeRun.read(FRAMES, topics, kafka);

        assertThat(outcomes.predictions()).as(run).hasSize(FRAMES);
        assertThat(cluster.flink().state(job)).as(run).isEqualTo("RUNNING");
        cluster.flink().cancel(job);
        held.add(held(cluster));
      }
      assertThat(cluster.status()).isEqualTo(before);
      Files.write(HELD, held.stream().map(Held::toString).toList());
      List<Held> judged = held.subList(WARM_UP, held.size());
      assertThat(perSubmission(judged, Held::metaspaceMegabytes))
          .as("metaspace, MB per submission: %s", held)
          .isLessThan(MOST_METASPACE_MB);
      assertThat(perSubmission(judged, Held::residentMegabytes))
          .as("resident memory, MB per submission: %s", held)
          .isLessThan(MOST_RESIDENT_MB);
    }
  }

  /** No TaskManager ever sees the path: there is none before the bundle is gone. */
  @Test
  void serve_bundleOnTheSubmittersDiskAlone_goesWithTheJob(@TempDir Path directory)
      throws Exception {
    Path bundle = TestBundle.copyTo(directory.resolve("only here, v 1"));
    LocalCluster.in(DIRECTORY).ifPresent(LocalCluster::delete);
    try (LocalCluster cluster =
        LocalCluster.start(DIRECTORY, ClusterPlan.of(1, 1), LocalCluster.Lifetime.OF_THIS_JVM)) {
      KafkaAccess kafka = cluster.kafka();
      publishFrames(kafka);
      TopicConfig topics =
          ServeRun.config("sent", kafka, bundle.toString(), TOPIC, 1).kafka().topics();
      String taskManager = LocalCluster.taskManager(1);
      cluster.kill(taskManager);
      cluster.flink().submit(JAR, arguments("sent", kafka, bundle, topics), null);
      FileUtils.deleteDirectory(bundle.toFile());
      cluster.launch(taskManager);

      ServeRun outcomes = ServeRun.read(FRAMES, topics, kafka);

      assertThat(outcomes.predictions()).hasSize(FRAMES);
    }
  }

  /**
   * Memory of the TaskManager's process.
   *
   * @param residentMegabytes resident memory
   * @param metaspaceMegabytes loaded classes
   */
  private record Held(double residentMegabytes, double metaspaceMegabytes) {}

  /**
   * What the TaskManager's process holds when what is free, on its heap and beside it, is given
   * back.
   */
  private static Held held(LocalCluster cluster) throws Exception {
    String pid =
        cluster.status().stream()
            .filter(server -> server.name().startsWith("taskmanager"))
            .map(server -> String.valueOf(server.pid()))
            .findFirst()
            .orElseThrow();
    String metaspace = jcmd(pid, "GC.run", "System.trim_native_heap", "VM.metaspace");
    long resident =
        Files.readAllLines(Path.of("/proc", pid, "status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .map(line -> line.replaceAll("[^0-9]", ""))
            .mapToLong(Long::parseLong)
            .sum();
    return new Held(resident / 1024.0, megabytesUsed(metaspace));
  }

  private static double megabytesUsed(String metaspace) {
    var match = Pattern.compile("Both:.*?([\\d.]+) ([KM])B \\([^)]*\\) used").matcher(metaspace);
    assertThat(match.find()).as(metaspace).isTrue();
    return Double.parseDouble(match.group(1)) / (match.group(2).equals("K") ? 1024 : 1);
  }

  private static String jcmd(String pid, String... commands) throws Exception {
    String said = "";
    for (String command : commands) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), pid, command)
              .start();
      said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
    }
    return said;
  }

  /** Least-squares growth per submission. */
  private static double perSubmission(List<Held> held, ToDoubleFunction<Held> figure) {
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
      String run, KafkaAccess kafka, Path bundle, TopicConfig topics) {
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
