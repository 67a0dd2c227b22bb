package io.boostnet.jobs.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a broker leaves behind, seen from outside of its JVM. */
@Timeout(120)
class EmbeddedBrokerITCase {

  @TempDir Path temporary;

  private Process process;

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void jvmIsTerminated_dataGo() throws Exception {
    process = start("PLAINTEXT");
    assertThat(firstLine()).startsWith("localhost:");
    assertThat(temporary.toFile().list()).anyMatch(name -> name.startsWith("boostnet-broker-"));

    process.destroy(); // as Ctrl-C does, this runs the shutdown hooks

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(temporary.toFile().list()).noneMatch(name -> name.startsWith("boostnet-broker-"));
  }

  @Test
  void startFails_dataGo() throws Exception {
    process = start("NONSENSE");
    assertThat(firstLine()).startsWith("failed:");
    assertThat(temporary.toFile().list()).noneMatch(name -> name.startsWith("boostnet-broker-"));
  }

  private Process start(String protocol) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            Running.class.getName(),
            protocol)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private String firstLine() throws IOException {
    return new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  /** A broker until the process is ended; says where it is, or why it is not. */
  public static final class Running {

    private Running() {}

    public static void main(String[] args) throws InterruptedException {
      PrintStream answer = System.out;
      System.setOut(System.err); // whatever else is printed
      String said;
      try {
        said = EmbeddedBroker.start(args[0], Map.of()).bootstrapServers();
      } catch (RuntimeException e) {
        said = "failed: " + e;
      }
      answer.println(said);
      Thread.currentThread().join();
    }
  }
}
