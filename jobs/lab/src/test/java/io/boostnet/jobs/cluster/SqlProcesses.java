package io.boostnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.broker.FreePorts;
import io.boostnet.jobs.broker.ParentWatch;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Flink's SQL client and gateway, each a process on the class path that its distribution has. */
final class SqlProcesses implements Closeable {

  private static final Path JAR = Path.of("target", "flink-sql-connector-boostnet.jar");
  private static final Duration START_WITHIN = Duration.ofSeconds(120);

  private final LocalCluster cluster;
  private Process gateway;
  private int gatewayPort;

  SqlProcesses(LocalCluster cluster) {
    this.cluster = cluster;
  }

  /** Runs a script in the client, with Flink's gateway within it. */
  String runEmbedded(String script) throws Exception {
    return run(script, "embedded");
  }

  /** Runs a script in the client, through a gateway that is a process of its own. */
  String runThroughGateway(String script) throws Exception {
    if (gateway == null) {
      gatewayPort = FreePorts.choose(1)[0];
      gateway =
          start(
              cluster.directory().resolve("logs").resolve("gateway.log"),
              "org.apache.flink.table.gateway.SqlGateway",
              "-Dsql-gateway.endpoint.rest.address=localhost",
              "-Dsql-gateway.endpoint.rest.port=" + gatewayPort,
              "-Dexecution.target=remote",
              "-Dparallelism.default=1");
      Await.until(() -> "the gateway does not answer", START_WITHIN, this::gatewayAnswers);
    }
    return run(script, "gateway", "-e", "localhost:" + gatewayPort);
  }

  private boolean gatewayAnswers() {
    assertThat(gateway.isAlive()).isTrue();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("localhost", gatewayPort), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String run(String script, String... mode) throws Exception {
    Path file = cluster.directory().resolve("script.sql");
    Files.writeString(
        file,
        """
        ADD JAR '%s';
        SET 'sql-client.execution.result-mode' = 'tableau';
        SET 'table.dml-sync' = 'true';
        SET 'table.local-time-zone' = 'UTC';
        %s
        """
            .formatted(JAR.toAbsolutePath(), script));
    List<String> arguments = new ArrayList<>();
    arguments.add("org.apache.flink.table.client.SqlClient");
    arguments.addAll(Arrays.asList(mode));
    Path history = cluster.directory().resolve("history");
    arguments.addAll(List.of("-f", file.toString(), "-hist", history.toString()));
    if (mode[0].equals("embedded")) {
      arguments.addAll(List.of("-Dexecution.target=remote", "-Dparallelism.default=1"));
    }
    Path log = cluster.directory().resolve("logs").resolve("sql-client.log");
    Process client = start(log, arguments.toArray(String[]::new));
    int exit = client.waitFor();
    String said = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(exit).as(said).isZero();
    return said;
  }

  private Process start(Path log, String... main) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FlinkClassPath.withOpens(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1")));
    command.add(ParentWatch.class.getName());
    command.add(String.valueOf(ProcessHandle.current().pid()));
    command.addAll(Arrays.asList(main));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    List<String> all =
        Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
    builder
        .environment()
        .put(
            "CLASSPATH",
            cluster.directory().resolve("watch")
                + File.pathSeparator
                + String.join(File.pathSeparator, FlinkClassPath.of(all)));
    builder.environment().put("FLINK_CONF_DIR", cluster.directory().resolve("config").toString());
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    return builder.redirectInput(new File("/dev/null")).redirectOutput(log.toFile()).start();
  }

  @Override
  public void close() {
    if (gateway != null) {
      gateway.destroyForcibly();
    }
  }
}
