package io.boostnet.jobs.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.config.ConfigException;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The autoscaler of the Flink Kubernetes operator in a JVM of its own, with the Flink that it is
 * made for; see the module {@code k8s/autoscaler}. Its journal is read as it comes.
 */
final class AutoscalerProcess implements Closeable {

  private static final String MAIN = "io.boostnet.autoscaler.AutoscalerMain";
  private static final int SECONDS_TO_END = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Thread reader;
  private final List<JsonNode> journal = new ArrayList<>();

  private AutoscalerProcess(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "autoscaler-journal");
    reader.start();
  }

  /**
   * Starts it.
   *
   * @param cluster the REST interface
   * @param options of the autoscaler
   * @throws ConfigException where the module was not built
   */
  static AutoscalerProcess start(
      String cluster, String job, int everySeconds, Map<String, String> options)
      throws IOException {
    String root = System.getProperty("boostnet.root", ".");
    Path module = Path.of(root, "k8s", "autoscaler", "target");
    if (!Files.exists(module.resolve("classpath"))) {
      throw new ConfigException(
          "The autoscaler is not built in "
              + module
              + "; build it with mvn package -pl k8s/autoscaler.");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC"));
    command.add("--add-opens=java.base/java.util=ALL-UNNAMED");
    command.addAll(List.of("-Dboostnet.root=" + root, "-Dboostnet.process=autoscaler", "-cp"));
    command.add(
        module.resolve("classes")
            + File.pathSeparator
            + Files.readString(module.resolve("classpath")).strip());
    command.addAll(List.of(MAIN, cluster, job, String.valueOf(everySeconds)));
    options.forEach((key, value) -> command.add(key + "=" + value));
    return new AutoscalerProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode entry = JSON.readTree(line);
        synchronized (journal) {
          journal.add(entry);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading the autoscaler's journal", e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Entries of a kind, as the module {@code k8s/autoscaler} describes them.
   *
   * @param kind evaluation or scaling
   */
  List<JsonNode> entries(String kind) {
    synchronized (journal) {
      return journal.stream().filter(entry -> entry.has(kind)).map(e -> e.get(kind)).toList();
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close(); // it ends with its input
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      reader.join();
    } catch (IOException e) {
      process.destroy();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
