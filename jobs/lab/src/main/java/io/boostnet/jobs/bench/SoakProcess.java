package io.boostnet.jobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.serve.ServeCommand;
import io.boostnet.jobs.serve.ServeConfig;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/**
 * The command {@code serve} in a JVM of its own, whose heap is resident from the start, so that
 * resident memory grows with native memory alone. It answers every line on its standard input with
 * a {@link SoakSample}, and ends with the input. Used by one thread.
 */
final class SoakProcess implements Closeable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SECONDS_TO_END = 20;

  private final Process process;
  private final BufferedReader answers;

  private SoakProcess(Process process) {
    this.process = process;
    this.answers = reader(process.getInputStream());
  }

  /** Starts the job that a configuration describes. */
  static SoakProcess start(ServeConfig config) throws IOException {
    List<String> command =
        ChildJvm.command("soak", SoakProcess.class, "-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");
    command.addAll(ChildJvm.serveArguments(config));
    return new SoakProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What the process holds now; it collects its garbage first. */
  SoakSample sample() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the job's process ended; see target/logs/soak.log");
    }
    return JSON.readValue(answer, SoakSample.class);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** The process. */
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err); // whatever else is printed
    Thread job = new Thread(() -> System.exit(serve(arguments)), "serve");
    job.setDaemon(true);
    job.start();
    BufferedReader questions = reader(System.in);
    while (questions.readLine() != null) {
      answers.println(JSON.writeValueAsString(SoakSample.take()));
    }
    Runtime.getRuntime().halt(0); // whoever asked has ended
  }

  private static int serve(String... arguments) {
    PrintWriter errors = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    return new CommandLine(new ServeCommand()).setOut(errors).execute(arguments);
  }
}
