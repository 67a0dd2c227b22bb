package io.boostnet.jobs.broker;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An {@link EmbeddedBroker} in a JVM of its own, so that its processor time and its memory are not
 * those of the process that measures. It ends when this is closed, and when this process ends.
 */
public final class BrokerProcess implements Closeable {

  private static final long SECONDS_TO_END = 20;

  private final Process process;
  private final String bootstrapServers;

  private BrokerProcess(Process process, String bootstrapServers) {
    this.process = process;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts a broker; returns when it takes requests.
   *
   * @throws IOException where it does not start; its log is target/logs/broker.log
   */
  public static BrokerProcess start() throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx768m",
                    "-Dboostnet.process=broker",
                    "-Dboostnet.root=" + System.getProperty("boostnet.root", "."),
                    "-cp",
                    System.getProperty("java.class.path"),
                    BrokerProcess.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String bootstrapServers = output.readLine();
    if (bootstrapServers == null) {
      process.destroy();
      throw new IOException("the broker process did not start; see target/logs/broker.log");
    }
    return new BrokerProcess(process, bootstrapServers);
  }

  /** Where clients connect. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroy();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }

  /** The process: a broker until standard input ends. */
  public static void main(String[] args) throws IOException {
    PrintStream answer = System.out;
    System.setOut(System.err); // whatever else is printed
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      answer.println(broker.bootstrapServers());
      while (System.in.read() >= 0) {
        // Standard input carries nothing; its end is the signal.
      }
    }
    System.exit(0); // the broker leaves threads behind
  }
}
