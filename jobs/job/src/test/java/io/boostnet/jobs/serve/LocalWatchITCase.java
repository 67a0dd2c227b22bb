package io.boostnet.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.broker.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code serve} says of a cluster in its own process. */
@Timeout(120)
class LocalWatchITCase {

  @Test
  void await_failureThenTaskManagerLost_saysBothAndEnds() throws Exception {
    Configuration flink = new Configuration();
    flink.set(RestOptions.BIND_PORT, "0");
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
    try (MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(flink)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .build())) {
      cluster.start();
      JobGraph graph = job(flink);
      JobID job = graph.getJobID();
      cluster.submitJob(graph).get(60, TimeUnit.SECONDS);
      List<String> said = new CopyOnWriteArrayList<>();
      LocalWatch watch = new LocalWatch(cluster.getRestAddress().get().getPort(), job, said::add);
      CompletableFuture<Optional<String>> lost =
          CompletableFuture.supplyAsync(() -> watch.await(cluster.requestJobResult(job)));

      Await.until(
          () -> "a failure and a restart among " + said,
          Duration.ofSeconds(60),
          () -> said.contains("The job runs again."));
      assertThat(said).hasSize(2);
      assertThat(said.get(0))
          .startsWith("The job failed in ")
          .endsWith("java.lang.IllegalStateException: the camera is on fire");

      cluster.terminateTaskManager(0).get(60, TimeUnit.SECONDS);
      assertThat(lost.get(60, TimeUnit.SECONDS).orElseThrow())
          .contains("no TaskManager any more", "start it again");
      assertThat(said.get(2)).startsWith("The job failed");
    }
  }

  private static JobGraph job(Configuration flink) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
    env.setParallelism(1);
    env.fromSequence(0, Long.MAX_VALUE).map(new FailingOnce()).sinkTo(new DiscardingSink<>());
    return env.getStreamGraph().getJobGraph();
  }

  /** Fails on its first start. */
  private static final class FailingOnce extends RichMapFunction<Long, Long> {

    private static final long serialVersionUID = 1;
    private boolean first;

    @Override
    public void open(OpenContext context) {
      first = getRuntimeContext().getTaskInfo().getAttemptNumber() == 0;
    }

    @Override
    public Long map(Long number) {
      if (first) {
        throw new IllegalStateException("the camera is on fire");
      }
      return number;
    }
  }

  @Test
  void cause_traceWithCauses_isTheFirstOfAll() {
    assertThat(LocalWatch.cause("A: a\n\tat x\nCaused by: B: b\n\tat y\nCaused by: C: c\n\tat z"))
        .isEqualTo("C: c");
    assertThat(LocalWatch.cause("A: a\n\tat x")).isEqualTo("A: a");
  }
}
