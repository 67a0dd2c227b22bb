package io.boostnet.jobs.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.Delivery;
import io.boostnet.jobs.serve.JobConfig;
import io.boostnet.jobs.serve.KafkaConfig;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.StartOffsets;
import io.boostnet.jobs.serve.TopicConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The clients of docs/clients, as they stand there, against a broker and the job. */
@ExtendWith(BrokerExtension.class)
class ClientsITCase {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path CLIENTS = ROOT.resolve("docs/clients");

  @TempDir Path directory;

  private String jpeg;
  private String png;

  @BeforeEach
  void photos() throws IOException {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    jpeg = photo("photo.jpg", Frames.encoded(image, "jpg"));
    png = photo("photo.png", Frames.encoded(image, "png"));
  }

  private String photo(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes).toString();
  }

  @Test
  void shell_publishesPhotos_andReadsPredictions(KafkaAccess kafka) throws Exception {
    assumeThat(isThere("kcat")).as("kcat is not installed").isTrue();
    assumeThat(isThere("jq")).as("jq is not installed").isTrue();

    List<String> lines =
        publishedAndRead(
            "shell",
            kafka,
            FormatConfig.of(FrameFormat.IMAGE, OutcomeFormat.JSON),
            List.of(CLIENTS.resolve("produce.sh").toString()),
            List.of(CLIENTS.resolve("consume.sh").toString()));

    assertThat(lines).hasSize(2).allMatch(line -> line.matches("gate-4 \\S+ 0\\.\\d+"));
  }

  @Test
  void python_publishesPhotos_andReadsPredictions(KafkaAccess kafka) throws Exception {
    String python = "/usr/bin/python3"; // Debian's, which has Debian's modules
    assumeThat(Files.exists(Path.of(python)) && succeeds(python, "-c", "import kafka"))
        .as("python3-kafka is not installed")
        .isTrue();

    List<String> lines =
        publishedAndRead(
            "python",
            kafka,
            FormatConfig.of(FrameFormat.IMAGE, OutcomeFormat.JSON),
            List.of(python, CLIENTS.resolve("produce.py").toString()),
            List.of(python, CLIENTS.resolve("consume.py").toString()));

    assertThat(lines).hasSize(2).allMatch(line -> line.matches("gate-4 \\S+ 0\\.\\d+"));
  }

  @Test
  void node_publishesFrames_andReadsPredictions(KafkaAccess kafka) throws Exception {
    assumeThat(isThere("node")).as("node is not installed").isTrue();
    assumeThat(CLIENTS.resolve("node_modules")).as("npm install was not run").isDirectory();

    List<String> lines =
        publishedAndRead(
            "node",
            kafka,
            FormatConfig.DEFAULT,
            List.of("node", CLIENTS.resolve("produce.mjs").toString()),
            List.of("node", CLIENTS.resolve("consume.mjs").toString()));

    assertThat(lines)
        .filteredOn(line -> line.startsWith("{\"sourceId\":\"gate-4\""))
        .hasSize(2)
        .allMatch(line -> line.contains("\"labelName\":"));
  }

  @Test
  void java_publishesPhotos_andReadsPredictions(KafkaAccess kafka) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> launch = List.of(java, "-cp", System.getProperty("java.class.path"));

    List<String> lines =
        publishedAndRead(
            "java",
            kafka,
            FormatConfig.of(FrameFormat.IMAGE, OutcomeFormat.JSON),
            plus(launch, CLIENTS.resolve("Produce.java").toString()),
            plus(launch, CLIENTS.resolve("Consume.java").toString()));

    assertThat(lines)
        .filteredOn(line -> line.startsWith("gate-4 {\"sourceId\":\"gate-4\""))
        .hasSize(2);
  }

  private List<String> publishedAndRead(
      String run,
      KafkaAccess kafka,
      FormatConfig format,
      List<String> producer,
      List<String> consumer)
      throws Exception {
    String frames = "client-" + run;
    String predictions = frames + "-predictions";
    kafka.ensureTopics(Map.of(frames, 1));
    String brokers = kafka.bootstrapServers();
    run(plus(producer, brokers, frames, "gate-4", jpeg, png));
    try (FormatRun job = FormatRun.start(config(frames, kafka, format), kafka)) {
      List<String> lines = run(plus(consumer, brokers, predictions, "2"));
      job.await(2);
      assertThat(job.deadLetters()).isEmpty();
      return lines;
    }
  }

  private static ServeConfig config(String run, KafkaAccess kafka, FormatConfig format) {
    return new ServeConfig(
        TestBundle.DIRECTORY.toString(),
        run,
        new KafkaConfig(
                kafka.bootstrapServers(),
                run,
                StartOffsets.of("earliest"),
                Delivery.AT_LEAST_ONCE,
                new TopicConfig(run, run + "-predictions", run + "-dead-letters", run + "-control"),
                1,
                null)
            .with(format),
        null,
        new JobConfig(1, 1000, null, null, null));
  }

  private static List<String> plus(List<String> command, String... arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(arguments));
    return all;
  }

  private static boolean isThere(String program) throws Exception {
    return succeeds("bash", "-c", "command -v " + program);
  }

  private static boolean succeeds(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  /** Runs a client from the root of the repository; what it printed. */
  private List<String> run(List<String> command) throws Exception {
    Path out = directory.resolve("out");
    Path errors = directory.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .directory(ROOT.toFile())
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    assertThat(process.waitFor())
        .as("%s%n%s", String.join(" ", command.subList(0, 1)), Files.readString(errors))
        .isZero();
    return Files.readAllLines(out);
  }
}
