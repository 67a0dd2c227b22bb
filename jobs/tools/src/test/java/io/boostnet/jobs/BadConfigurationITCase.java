package io.boostnet.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bad configuration ends in one sentence and exit code 2 within 30 seconds. */
@Timeout(30)
class BadConfigurationITCase {

  /** Nothing listens on port 1. */
  private static final String NO_BROKER = "localhost:1";

  @TempDir Path directory;

  @Test
  void serve_missingBundle_namesIt() {
    assertThat(complaint("--bundle", directory.resolve("none"))).contains("none", "manifest.json");
  }

  @Test
  void serve_wrongChecksum_namesTheStage() throws IOException {
    Path bundle = TestBundle.copyTo(directory.resolve("bundle"));
    Files.write(bundle.resolve("stage-2.onnx"), new byte[] {0}, StandardOpenOption.APPEND);
    assertThat(complaint("--bundle", bundle)).contains("stage-2.onnx", "SHA-256");
  }

  @Test
  void serve_missingStage_namesIt() throws IOException {
    Path bundle = TestBundle.copyTo(directory.resolve("bundle"));
    Files.delete(bundle.resolve("stage-3.onnx"));
    assertThat(complaint("--bundle", bundle)).contains("stage-3.onnx");
  }

  @Test
  void serve_stageInputsDoNotMatch_namesTheStage() throws IOException {
    Path bundle = TestBundle.copyTo(directory.resolve("bundle"));
    Path manifest = bundle.resolve("manifest.json");
    String json = Files.readString(manifest);
    assertThat(json).contains("[ -1, 12, 32, 32 ]");
    Files.writeString(manifest, json.replaceFirst("\\[ -1, 12, 32, 32 ]", "[ -1, 13, 32, 32 ]"));
    assertThat(complaint("--bundle", bundle)).contains("stage-2 takes");
  }

  @Test
  void serve_manifestIsNoJson_saysSo() throws IOException {
    Path bundle = TestBundle.copyTo(directory.resolve("bundle"));
    Files.writeString(bundle.resolve("manifest.json"), "{ not json");
    assertThat(complaint("--bundle", bundle)).contains("manifest.json");
  }

  @Test
  void serve_unreadableYaml_namesTheLine() throws IOException {
    Path yaml = Files.writeString(directory.resolve("serve.yaml"), "bundle: x\n  kafka: [\n");
    assertThat(complaint("--config", yaml)).contains("serve.yaml", "not readable YAML", "line 2");
  }

  @Test
  void serve_missingYaml_namesIt() {
    assertThat(complaint("--config", directory.resolve("none.yaml"))).contains("none.yaml");
  }

  @Test
  void serve_unknownKey_namesItAndTheKnownOnes() throws IOException {
    Path yaml =
        Files.writeString(
            directory.resolve("serve.yaml"),
            """
            bundle: x
            kafka:
              bootstrapServers: localhost:1
              grupId: mine
            """);
    assertThat(complaint("--config", yaml))
        .contains("Unknown key kafka.grupId", "serve.yaml", "groupId");
  }

  @Test
  void serve_keyTwice_namesIt() throws IOException {
    Path yaml = Files.writeString(directory.resolve("serve.yaml"), "bundle: x\nbundle: y\n");
    assertThat(complaint("--config", yaml)).contains("serve.yaml", "bundle");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--delivery      | sometimes | kafka.delivery is 'sometimes'; use exactly-once",
        "--start         | yesterday | kafka.start is 'yesterday'; use earliest",
        "--order         | random    | inference.order is 'random'; use unordered or ordered",
        "--budget        | cheap     | inference.budget is \"cheap\"; fixed:<share>, keep-up",
        "--budget        | fixed:2   | inference.budget is fixed:2; the share must be above 0",
        "--budget        | fixed:0.01 | the first exit of",
        "--budget        | keep-up:0.8-0.2 | inference.budget is keep-up:0.8-0.2; shares must be above 0",
        "--audit         | 2         | inference.audit is 2.0; it is a share, 0 to 1",
        "--micro-batch   | 0         | inference.microBatch is '0'; use auto or 1 to 256",
        "--micro-batch   | many      | inference.microBatch is 'many'; use auto or 1 to 256",
        "--linger-ms     | -1        | inference.lingerMs is -1; allowed are 0 to 60000",
        "--device        | tpu       | inference.device is 'tpu'; use auto, cpu, cuda",
        "--parallelism   | 0         | job.parallelism is 0; allowed are 1 to",
        "--parallelism   | two       | job.parallelism is 'two'; give a whole number",
        "--device        | cuda      | device is cuda:0, and it cannot be used",
        "--frames-topic  | predictions | give each its own topic",
        "--frames-topic  | a b       | kafka.topics.frames is 'a b'; a topic has",
        "--thresholds    | 0.5,0     | 2 thresholds are given, the bundle has 3 exits",
        "--thresholds    | 0.5,x,0   | is 'x'; give a number",
        "--exit-shares   | 1,1,1     | exit shares are [1.0, 1.0, 1.0]",
        "--checkpoint-dir | checkpoints | job.checkpointDir is 'checkpoints'; give a URI with a scheme",
        "--checkpoint-dir | file:checkpoints | job.checkpointDir is 'file:checkpoints'; give a URI with",
        "--checkpoint-dir | s3://bucket/c | no file system for s3:// here; put its plugin",
        "--checkpoint-dir | file:///dev/null/none | /dev/null is no directory that can be written",
        "--checkpoint-interval-ms | 5 | job.checkpointIntervalMs is 5; allowed are 100 to",
        "--checkpoint-interval-ms | 300001 | is 300001, over half of the transaction timeout of 600000 ms; give at most 300000",
      })
  void serve_badValue_saysNameValueAndRemedy(String option, String value, String expected) {
    assertThat(complaint("--bundle", TestBundle.DIRECTORY, option, value)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed:0.6", "keep-up:0.5-0.8"})
  void serve_noEvidenceUnderABudget_saysWhatMakesIt(String budget) throws IOException {
    Path bundle = TestBundle.copyTo(directory.resolve("bundle"));
    Files.deleteIfExists(bundle.resolve("calibration.avro"));
    assertThat(complaint("--bundle", bundle, "--budget", budget))
        .contains("has no calibration.avro", "./boostnet calibrate <bundle> --data");
  }

  @Test
  void serve_twoWaysToSetExits_saysToKeepOne() {
    assertThat(
            complaint(
                "--bundle",
                TestBundle.DIRECTORY,
                "--thresholds",
                "0.5,0.5,0",
                "--mean-cost",
                "0.5"))
        .contains("keep one");
  }

  @Test
  void serve_auditUnderADeadline_saysThatThereIsNothingToAudit() {
    assertThat(
            complaint(
                "--bundle", TestBundle.DIRECTORY, "--budget", "deadline:50ms", "--audit", "0.01"))
        .contains("audit share is 0.01", "set the share to 0");
  }

  @Test
  void serve_missingClientProperties_namesTheFile() {
    Path file = directory.resolve("tls.properties");
    assertThat(complaint("--bundle", TestBundle.DIRECTORY, "--client-properties", file))
        .contains("tls.properties");
  }

  @Test
  void serve_checkpointsTooRareForTheUsersTransactionTimeout_namesBoth() throws IOException {
    Path file =
        Files.writeString(directory.resolve("c.properties"), "transaction.timeout.ms=15000\n");
    assertThat(complaint("--bundle", TestBundle.DIRECTORY, "--client-properties", file))
        .contains("is 10000, over half of the transaction timeout of 15000 ms");
    Object[] atLeastOnce = {
      "--bundle", TestBundle.DIRECTORY, "--client-properties", file, "--delivery", "at-least-once"
    };
    assertThat(complaint(atLeastOnce)).contains("No Kafka broker");
  }

  @Test
  void serve_unreachableBroker_namesIt() {
    assertThat(complaint("--bundle", TestBundle.DIRECTORY)).contains("No Kafka broker", NO_BROKER);
  }

  @Test
  void serve_unknownBrokerName_namesIt() {
    CommandResult result =
        CommandResult.of(
            "serve", "--bundle", TestBundle.DIRECTORY, "--bootstrap", "no-such-host.invalid:9092");
    assertThat(sentence(result)).contains("no-such-host.invalid:9092");
  }

  @Test
  void serve_noBrokerGiven_saysWhatToGive() {
    CommandResult result = CommandResult.of("serve", "--bundle", TestBundle.DIRECTORY);
    assertThat(sentence(result)).contains("kafka.bootstrapServers is not set");
  }

  @Test
  void serve_unknownOption_namesIt() {
    CommandResult result = CommandResult.of("serve", "--paralelism", "2");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--paralelism");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--ui-port", "--metrics-port"})
  void serve_portTaken_namesIt(String option) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandResult result =
          CommandResult.of(
              "serve",
              "--bundle",
              TestBundle.DIRECTORY,
              "--bootstrap",
              NO_BROKER,
              option,
              taken.getLocalPort());
      assertThat(sentence(result)).contains(String.valueOf(taken.getLocalPort()));
    }
  }

  @Test
  void load_missingFrameFile_namesIt() {
    CommandResult result =
        CommandResult.of(
            "load", "--bootstrap", NO_BROKER, "--frames", directory.resolve("none.avro"));
    assertThat(sentence(result)).contains("none.avro");
  }

  @Test
  void load_badRate_saysNameValueAndRange() throws IOException {
    Path frames = Frames.write(directory.resolve("frames.avro"), List.of(Frames.frame("a", 0)));
    CommandResult result =
        CommandResult.of("load", "--bootstrap", NO_BROKER, "--frames", frames, "--rate", "0");
    assertThat(sentence(result)).contains("rate is 0.0");
  }

  @ParameterizedTest
  @CsvSource({
    "--corrupt, snow:3, corruption is 'snow:3'",
    "--corrupt-from, soon, start is 'soon'",
    "--class-mix, stop, class mix is 'stop'",
    "--deadline-ms, soon, deadlines are 'soon'"
  })
  void load_badDrift_saysWhatIsNeeded(String option, String value, String complaint) {
    Path frames = Frames.write(directory.resolve("frames.avro"), List.of(Frames.frame("a", 0)));
    CommandResult result =
        CommandResult.of("load", "--bootstrap", NO_BROKER, "--frames", frames, option, value);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("boostnet: ").contains(complaint);
  }

  @Test
  void evaluate_noGpu_saysSo() {
    Path frames = Frames.write(directory.resolve("frames.avro"), List.of(Frames.frame("a", 0)));
    CommandResult result =
        CommandResult.of(
            "evaluate", "--bundle", TestBundle.DIRECTORY, "--frames", frames, "--device", "cuda:1");
    assertThat(sentence(result)).contains("device is cuda:1");
  }

  @Test
  void inspect_missingBundle_namesIt() {
    assertThat(sentence(CommandResult.of("inspect", directory.resolve("none")))).contains("none");
  }

  private static String complaint(Object... arguments) {
    List<Object> words = new ArrayList<>(List.of("serve", "--bootstrap", NO_BROKER));
    words.addAll(Arrays.asList(arguments));
    if (Arrays.asList(arguments).contains("--config")) {
      words.subList(1, 3).clear();
    }
    return sentence(CommandResult.of(words.toArray()));
  }

  private static String sentence(CommandResult result) {
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).startsWith("boostnet: ");
    return result.err();
  }
}
