package io.boostnet.jobs.dashboard;

import io.boostnet.jobs.kafka.ConnectionOptions;
import io.boostnet.jobs.serve.FormatOptions;
import io.boostnet.jobs.serve.OutcomeTopicOptions;
import io.boostnet.jobs.serve.TopicConfig;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code boostnet dashboard}: the live page of a running deployment. */
@Command(
    name = "dashboard",
    description =
        "Serve a live page of a running deployment: load, budget and cost, thresholds, exits,"
            + " accuracy, and recent images at every exit. Reads its topics, changes nothing; runs"
            + " until it is stopped.",
    mixinStandardHelpOptions = true)
public final class DashboardCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ConnectionOptions connection;

  @Mixin private OutcomeTopicOptions topics;

  @Mixin private FormatOptions format;

  @Option(names = "--control-topic", description = "Default: ${DEFAULT-VALUE}.")
  private String controlEvents = TopicConfig.DEFAULT.controlEvents();

  @Option(
      names = "--host",
      description =
          "Interface to serve on. Default: ${DEFAULT-VALUE}; 0.0.0.0 for all, and then anyone who"
              + " reaches it sees the images.")
  private String host = "localhost";

  @Option(
      names = {"--port", "--page-port"},
      description = "Port, 0 for a free one. Default: ${DEFAULT-VALUE}.")
  private int port = 8080;

  @Override
  public Integer call() throws InterruptedException {
    TopicConfig deployment = topics.withControlEvents(controlEvents);
    try (LivePage page =
        LivePage.start(connection.connect(), deployment, format.toFormat(), host, port)) {
      spec.commandLine().getOut().println("Live page: " + page.url());
      spec.commandLine().getOut().flush();
      new CountDownLatch(1).await();
    }
    return 0;
  }
}
