package io.boostnet.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.dashboard.LivePage;
import io.boostnet.jobs.serve.ServeProcess;
import io.boostnet.jobs.serve.ServeRun;
import io.boostnet.jobs.serve.TopicConfig;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that is reached over TLS and with a password alone. */
class SecuredKafkaITCase {

  private static final int FRAMES = 60;
  private static final int BAD = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Path FRAME_FILE = Path.of("demo", "frames", "gtsrb-tracks.avro");

  @TempDir static Path directory;
  private static SecuredBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = SecuredBroker.start(directory);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  @Timeout(300)
  void job_load_andPage_overTls_passwordFromTheEnvironment() throws Exception {
    List<Path> files = List.of(broker.tls(), broker.login("login.properties", broker.password()));
    KafkaAccess kafka = KafkaAccess.withFiles(broker.bootstrapServers(), files);
    TopicConfig topics = TopicConfig.DEFAULT;
    try (ServeProcess job =
            ServeProcess.start(
                directory.resolve("serve.log"),
                Map.of("KAFKA_PASSWORD", broker.password()),
                "--bundle",
                TestBundle.DIRECTORY,
                "--bootstrap",
                broker.bootstrapServers(),
                "--client-properties",
                broker.tls() + "," + loginFromEnvironment(),
                "--delivery",
                "exactly-once",
                "--checkpoint-interval-ms",
                500,
                "--parallelism",
                1,
                "--micro-batch",
                1);
        LivePage page = LivePage.start(kafka, topics, "localhost", 0)) {
      Await.until(
          () -> "the job does not start: " + job.output(),
          PATIENCE,
          () ->
              job.requireAlive()
                  && job.output().contains("created topic " + topics.controlEvents()));
      CommandResult load =
          run("load", files, "--frames", FRAME_FILE, "--count", FRAMES, "--bad", BAD);
      assertThat(load.code()).as(load.err()).isZero();

      ServeRun run = ServeRun.read(FRAMES + BAD, topics, readCommitted(kafka));
      assertThat(job.requireAlive()).isTrue();
      assertThat(run.predictions()).hasSize(FRAMES);
      assertThat(run.deadLetters()).hasSize(BAD);
      assertThat(job.output()).doesNotContain(broker.password());
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  URI.create(page.url() + "/live").toURL().openStream(), StandardCharsets.UTF_8))) {
        String line = "";
        while (!line.matches(".*\"decided\":[1-9].*")) {
          line = lines.readLine();
        }
      }
    }
  }

  private static Path loginFromEnvironment() {
    return broker.login(
        "login-from-environment.properties",
        "${env:KAFKA_PASSWORD}",
        "config.providers=env",
        "config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider");
  }

  private static KafkaAccess readCommitted(KafkaAccess kafka) {
    Map<String, String> properties = new HashMap<>(kafka.clientProperties());
    properties.put("isolation.level", "read_committed");
    return new KafkaAccess(kafka.bootstrapServers(), properties);
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "load", "dashboard"})
  void wrongPassword_endsInOneSentence(String command) {
    List<Path> files = List.of(broker.tls(), broker.login("wrong.properties", "guess"));
    assertThat(complaint(command, files))
        .contains("refuses this client", broker.bootstrapServers(), "check user and password");
  }

  @Test
  void variableThatIsNotSet_isRefusedAsAWrongPassword() {
    List<Path> files = List.of(broker.tls(), loginFromEnvironment());
    assertThat(complaint("serve", files)).contains("that variables named there are set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "load", "dashboard"})
  void untrustedCertificate_endsInOneSentence(String command) {
    List<Path> files =
        List.of(broker.tlsWithoutTrust(), broker.login("login.properties", broker.password()));
    assertThat(complaint(command, files))
        .contains("No TLS connection", broker.bootstrapServers(), "ssl.truststore");
  }

  private static String complaint(String command, List<Path> files) {
    CommandResult result =
        switch (command) {
          case "serve" -> run(command, files, "--bundle", TestBundle.DIRECTORY);
          case "load" -> run(command, files, "--frames", FRAME_FILE);
          default -> run(command, files);
        };
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).startsWith("boostnet: ");
    return result.err();
  }

  private static CommandResult run(String command, List<Path> files, Object... more) {
    List<Object> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("--bootstrap", broker.bootstrapServers()));
    words.add("--client-properties");
    words.add(files.get(0) + "," + files.get(1));
    words.addAll(List.of(more));
    return CommandResult.of(words.toArray());
  }
}
