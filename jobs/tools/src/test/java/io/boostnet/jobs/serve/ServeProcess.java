package io.boostnet.jobs.serve;

import io.boostnet.jobs.Main;
import io.boostnet.jobs.broker.ParentWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command {@code serve} in a JVM of its own, which ends when this one does. */
public final class ServeProcess implements AutoCloseable {

  private final Process process;
  private final Path output;

  private ServeProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts the command; returns at once.
   *
   * @param output file that takes what it prints
   * @param environment variables that it has beside this JVM's
   */
  public static ServeProcess start(Path output, Map<String, String> environment, Object... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    for (String opened : List.of("java.util", "java.lang", "java.nio", "java.time")) {
      command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ParentWatch.class.getName());
    command.add(String.valueOf(ProcessHandle.current().pid()));
    command.addAll(List.of(Main.class.getName(), "serve"));
    for (Object option : options) {
      command.add(option.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    return new ServeProcess(
        builder.redirectErrorStream(true).redirectOutput(output.toFile()).start(), output);
  }

  /**
   * Throws where the command has ended.
   *
   * @return true
   */
  public boolean requireAlive() {
    if (!process.isAlive()) {
      throw new AssertionError("serve ended with " + process.exitValue() + ": " + output());
    }
    return true;
  }

  /** Waits for its end; returns its exit code. */
  public int await(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("serve did not end within " + seconds + " s: " + output());
    }
    return process.exitValue();
  }

  /** What it printed up to now. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
