package io.boostnet.autoscaler;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.autoscaler.JobAutoScaler;
import org.apache.flink.autoscaler.JobAutoScalerContext;
import org.apache.flink.autoscaler.JobAutoScalerImpl;
import org.apache.flink.autoscaler.RestApiMetricsCollector;
import org.apache.flink.autoscaler.ScalingExecutor;
import org.apache.flink.autoscaler.event.AutoScalerEventHandler;
import org.apache.flink.autoscaler.event.LoggingEventHandler;
import org.apache.flink.autoscaler.state.AutoScalerStateStore;
import org.apache.flink.autoscaler.state.InMemoryAutoScalerStateStore;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.highavailability.nonha.standalone.StandaloneClientHAServices;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the autoscaler of the Flink Kubernetes operator, as it is, scale one job of a cluster that
 * runs the adaptive scheduler. It ends with its standard input, or with the job. What it sees and
 * does is a {@link Journal} on standard output.
 *
 * <p>Arguments: the REST interface, such as http://localhost:8081; the job's id; seconds from one
 * evaluation to the next; options of the autoscaler as {@code key=value}. Its state is in memory:
 * started again, it begins a new metrics window.
 */
public final class AutoscalerMain {

  private static final Logger LOG = LoggerFactory.getLogger(AutoscalerMain.class);
  private static final int FIXED_ARGUMENTS = 3;

  private AutoscalerMain() {}

  /** The process. */
  public static void main(String[] args) throws Exception {
    if (args.length < FIXED_ARGUMENTS) {
      System.err.println("arguments: <REST interface> <job id> <seconds> [<key>=<value> ...]");
      System.exit(2);
    }
    PrintStream out = System.out;
    System.setOut(System.err); // whatever else is printed
    endWithInput();
    run(
        URI.create(args[0]),
        JobID.fromHexString(args[1]),
        Long.parseLong(args[2]),
        options(Arrays.asList(args).subList(FIXED_ARGUMENTS, args.length)),
        new Journal(out));
    System.exit(0); // the client leaves threads behind
  }

  /**
   * Options from the command line.
   *
   * @throws IllegalArgumentException where one is not {@code key=value}
   */
  static Configuration options(List<String> arguments) {
    Map<String, String> options = new HashMap<>();
    for (String argument : arguments) {
      int sign = argument.indexOf('=');
      if (sign < 1) {
        throw new IllegalArgumentException("option is \"" + argument + "\"; key=value is needed");
      }
      options.put(argument.substring(0, sign), argument.substring(sign + 1));
    }
    return Configuration.fromMap(options);
  }

  private static void endWithInput() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Standard input carries nothing; its end is the signal.
                }
              } catch (IOException e) {
                LOG.warn("standard input cannot be read", e);
              }
              Runtime.getRuntime().halt(0);
            },
            "input");
    watch.setDaemon(true);
    watch.start();
  }

  private static void run(
      URI cluster, JobID id, long seconds, Configuration options, Journal journal)
      throws Exception {
    FlinkJob job = new FlinkJob(cluster, id);
    JobAutoScaler<JobID, JobAutoScalerContext<JobID>> autoscaler = autoscaler(job, journal);
    try (SharedClient client = SharedClient.of(cluster, options)) {
      while (true) {
        JobStatus status = job.status();
        if (status.isGloballyTerminalState()) {
          LOG.info("job {} is {}: nothing is left to scale", id, status);
          return;
        }
        // A copy: the autoscaler notes vertices that it leaves alone for now in the options.
        autoscaler.scale(
            new JobAutoScalerContext<>(
                id,
                id,
                status,
                new Configuration(options),
                new UnregisteredMetricsGroup(),
                () -> client));
        TimeUnit.SECONDS.sleep(seconds);
      }
    }
  }

  private static JobAutoScaler<JobID, JobAutoScalerContext<JobID>> autoscaler(
      FlinkJob job, Journal journal) {
    AutoScalerEventHandler<JobID, JobAutoScalerContext<JobID>> events = new LoggingEventHandler<>();
    AutoScalerStateStore<JobID, JobAutoScalerContext<JobID>> state =
        new InMemoryAutoScalerStateStore<>();
    return new JobAutoScalerImpl<>(
        new RestApiMetricsCollector<>(),
        new JournalingEvaluator(journal),
        new ScalingExecutor<>(events, state),
        events,
        new RestRealizer(job, journal),
        state);
  }

  /** The autoscaler closes its client after every question; a new one each time is dear. */
  private static final class SharedClient extends RestClusterClient<String> {

    private SharedClient(Configuration options, String url) throws Exception {
      super(options, url, (configuration, errors) -> new StandaloneClientHAServices(url));
    }

    static SharedClient of(URI cluster, Configuration options) throws Exception {
      Configuration client = new Configuration(options);
      client.set(RestOptions.ADDRESS, cluster.getHost());
      client.set(RestOptions.PORT, cluster.getPort());
      return new SharedClient(client, cluster.toString());
    }

    @Override
    public void close() {
      // It ends with the process.
    }
  }
}
