package io.boostnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code flink run} with Flink's own client. */
class FlinkRunITCase {

  private static final Path JAR = Path.of("target", "boostnet-job.jar");

  @TempDir Path directory;

  @Test
  @Timeout(60)
  void run_missingBundle_saysSoInItsFirstLine() throws Exception {
    Files.writeString(directory.resolve("config.yaml"), "rest.address: localhost\n");
    List<String> all =
        Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FlinkClassPath.withOpens(List.of("-Xmx256m")));
    command.addAll(
        List.of(
            "org.apache.flink.client.cli.CliFrontend",
            "run",
            "-m",
            "localhost:1",
            JAR.toString(),
            "serve",
            "--bundle",
            "/no/such/bundle",
            "--bootstrap",
            "localhost:1"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("CLASSPATH", String.join(":", FlinkClassPath.of(all)));
    builder.environment().put("FLINK_CONF_DIR", directory.toString());
    Process process = builder.start();

    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isNotZero();
    assertThat(said.lines().findFirst().orElseThrow())
        .startsWith("boostnet: bundle /no/such/bundle has no manifest.json");
  }
}
