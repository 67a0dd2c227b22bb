package io.boostnet.jobs.dashboard;

import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.DeploymentOptions;
import io.boostnet.jobs.serve.KafkaConfig;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
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
    mixinStandardHelpOptions = true,
    modelTransformer = DeploymentOptions.All.class)
public final class DashboardCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

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
    KafkaConfig deployment = DeploymentOptions.read(spec.commandLine().getParseResult());
    KafkaAccess kafka = DeploymentOptions.connect(deployment);
    try (LivePage page =
        LivePage.start(kafka, deployment.topics(), deployment.format(), host, port)) {
      spec.commandLine().getOut().println("Live page: " + page.url());
      spec.commandLine().getOut().flush();
      new CountDownLatch(1).await();
    }
    return 0;
  }
}
