package io.boostnet.jobs.format;

import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.broker.FreePorts;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Apicurio Registry in a process of its own, with a store that outlives it. The build unpacks it to
 * target/apicurio before the integration tests.
 */
final class ApicurioRegistry implements Closeable {

  private static final Path HOME = Path.of("job", "target", "apicurio").toAbsolutePath();
  private static final Duration START = Duration.ofSeconds(90);

  private final Path directory;
  private final int port = FreePorts.choose(1)[0];
  private Process process;

  private ApicurioRegistry(Path directory) {
    this.directory = directory;
  }

  /** Starts one whose store and log are in a directory; returns when it answers. */
  static ApicurioRegistry start(Path directory) throws IOException {
    ApicurioRegistry registry = new ApicurioRegistry(directory);
    registry.start();
    return registry;
  }

  /** Starts it again after {@link #stop}, with what it had. */
  void start() throws IOException {
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-Dquarkus.http.host=127.0.0.1",
                    "-Dquarkus.http.port=" + port,
                    "-Dquarkus.datasource.jdbc.url=jdbc:h2:file:" + directory.resolve("store"),
                    "-jar",
                    jar().toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("registry.log").toFile())
            .start();
    Await.until("the registry", START, this::answers);
  }

  private static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(HOME)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-runner.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException("no registry in " + HOME));
    }
  }

  private boolean answers() {
    try {
      if (!process.isAlive()) {
        throw new IllegalStateException("the registry ended; see its log in " + directory);
      }
      HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/subjects")).build();
      return HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the registry", e);
    }
  }

  /** Where it answers as Confluent's registry does. */
  URI url() {
    return URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7");
  }

  /** Where it answers its own clients. */
  String ownUrl() {
    return "http://127.0.0.1:" + port + "/apis/registry/v2";
  }

  /** Ends the process; its store stays. */
  void stop() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
