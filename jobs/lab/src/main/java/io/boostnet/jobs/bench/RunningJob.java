package io.boostnet.jobs.bench;

import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.Inferences;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.ServeJob;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A job on a Flink cluster of its own in this JVM, without restarts; closing it cancels it and
 * waits for its end.
 */
final class RunningJob implements AutoCloseable {

  private static final int SECONDS_TO_CANCEL = 30;

  private final JobClient client;
  private final CompletableFuture<JobExecutionResult> end;

  private RunningJob(JobClient client) {
    this.client = client;
    this.end = client.getJobExecutionResult();
  }

  /** Submits what an environment was given. */
  static RunningJob submit(StreamExecutionEnvironment environment, String name) throws Exception {
    return new RunningJob(environment.executeAsync(name));
  }

  /** Submits the Kafka job. */
  static RunningJob serve(ServeConfig config, KafkaAccess kafka) throws Exception {
    StreamExecutionEnvironment environment =
        environment(ServeJob.flinkOptions(config), config.job().parallelism());
    new ServeJob(config, Inferences.of(config), kafka).wire(environment);
    return submit(environment, config.pipeline());
  }

  /** A cluster in this JVM, without a Web UI. */
  static StreamExecutionEnvironment environment(Configuration flink, int parallelism) {
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    flink.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(128));
    return StreamExecutionEnvironment.createLocalEnvironment(parallelism, flink);
  }

  boolean isAlive() {
    return !end.isDone();
  }

  @Override
  public void close() throws InterruptedException {
    if (end.isDone()) {
      return;
    }
    try {
      client.cancel().get(SECONDS_TO_CANCEL, TimeUnit.SECONDS);
      end.get(SECONDS_TO_CANCEL, TimeUnit.SECONDS);
    } catch (CancellationException | ExecutionException e) {
      // That is how a cancelled job ends.
    } catch (TimeoutException e) {
      throw new IllegalStateException("a job did not end within a minute of its cancellation", e);
    }
  }
}
