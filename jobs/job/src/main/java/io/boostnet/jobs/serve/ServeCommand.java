package io.boostnet.jobs.serve;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code boostnet serve}: the Kafka job, here or on the cluster that it is submitted to. */
@Command(
    name = "serve",
    description = "Classify a Kafka topic of image frames: the job, local or on a Flink cluster.",
    mixinStandardHelpOptions = true,
    modelTransformer = ServeOptions.class,
    footer = {
      "",
      "Every option is also a key of the YAML file, which the option overrides. On a cluster:",
      "  flink run boostnet-job.jar serve --config serve.yaml"
    })
public final class ServeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--config", description = "YAML file with the configuration.")
  private Path file;

  @Override
  public Integer call() throws Exception {
    ServeConfig config =
        ServeConfigReader.read(file, ServeOptions.values(spec.commandLine().getParseResult()));
    boolean local = StreamExecutionEnvironment.areExplicitEnvironmentsAllowed();
    int uiPort = local ? LocalFlink.choosePort(config.job().uiPort()) : 0;
    Integer metricsPort = config.job().metricsPort();
    if (local && metricsPort != null) {
      metricsPort = LocalFlink.chooseMetricsPort(metricsPort);
    }
    ReadableConfig given =
        local
            ? new Configuration()
            : StreamExecutionEnvironment.getExecutionEnvironment().getConfiguration();
    ServeJob job = Preflight.prepare(config, local, given, this::say);

    Configuration flink = ServeJob.flinkOptions(config);
    if (local) {
      LocalFlink.serveUi(flink, uiPort);
      say("Flink Web UI: http://localhost:" + uiPort);
      if (metricsPort != null) {
        LocalFlink.serveMetrics(flink, metricsPort);
        say("Metrics: http://localhost:" + metricsPort + "/metrics");
      }
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
    job.wire(env);
    if (local) {
      TopicConfig topics = config.kafka().topics();
      say(
          "Classifying %s; predictions go to %s, what is none to %s. Ctrl-C ends it."
              .formatted(topics.frames(), topics.predictions(), topics.deadLetters()));
      return follow(env.executeAsync(config.pipeline()), uiPort);
    }
    env.execute(config.pipeline());
    return 0;
  }

  /** Until the job ends or the cluster in this process cannot go on; returns the exit code. */
  private int follow(JobClient job, int uiPort) throws InterruptedException {
    CompletableFuture<JobExecutionResult> end = job.getJobExecutionResult();
    Optional<String> lost = new LocalWatch(uiPort, job.getJobID(), this::complain).await(end);
    if (lost.isPresent()) {
      complain(lost.get());
      return 1;
    }
    try {
      end.get();
      return 0;
    } catch (ExecutionException e) {
      complain("The job ended: " + LocalWatch.cause(e));
      return 1;
    }
  }

  private void complain(String line) {
    spec.commandLine().getErr().println("boostnet: " + line.replaceAll("\\s*\\R\\s*", " "));
    spec.commandLine().getErr().flush();
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
