package io.boostnet.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.StageCost;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.flink.options.OutputOrder;
import io.boostnet.flink.options.Priorities;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The controller in a running job: it reaches every subtask, and goes on after failures. */
class BudgetITCase {

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(2)
              .build());

  private static final int IMAGES = 600;

  /** None of the images is always of the same one. */
  private static final int CAMERAS = 7;

  @TempDir static Path bundleDirectory;

  private static String bundle;
  private static final double SHARE = 0.6;

  /** What came out, in the order of each subtask; static, because Flink copies functions. */
  private static final Queue<Prediction> PREDICTIONS = new ConcurrentLinkedQueue<>();

  private static final Queue<ControlEvent> EVENTS = new ConcurrentLinkedQueue<>();
  private static final AtomicBoolean FAIL_NEXT = new AtomicBoolean();

  @TempDir Path directory;

  @BeforeAll
  static void recordEvidence() throws Exception {
    TestBundles.withEvidence(bundleDirectory, TestBundles.frames(IMAGES));
    bundle = TestBundles.withTimes(bundleDirectory, 40.0, 30.0, 30.0).toString();
  }

  @BeforeEach
  void forget() {
    PREDICTIONS.clear();
    EVENTS.clear();
    FAIL_NEXT.set(false);
  }

  private StreamExecutionEnvironment environment(int parallelism, String savepoint) {
    Configuration options = new Configuration();
    options.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    options.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    options.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.toUri().toString());
    if (savepoint != null) {
      options.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(options);
    env.setParallelism(parallelism);
    env.enableCheckpointing(300);
    env.getConfig().enableObjectReuse();
    return env;
  }

  private JobClient start(int parallelism, Budget budget, String savepoint) throws Exception {
    return start(parallelism, budget, savepoint, Priorities.NONE);
  }

  private JobClient start(int parallelism, Budget budget, String savepoint, Priorities priorities)
      throws Exception {
    StreamExecutionEnvironment env = environment(parallelism, savepoint);
    DataGeneratorSource<Long> numbers =
        new DataGeneratorSource<>(
            i -> i, Long.MAX_VALUE, RateLimiterStrategy.perSecond(800), Types.LONG);
    DataStream<ImageFrame> frames =
        env.fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers")
            .uid("numbers")
            .map(new RepeatedFrames(new ArrayList<>(TestBundles.frames(IMAGES))))
            .returns(new AvroTypeInfo<>(ImageFrame.class));
    var result =
        EarlyExitInference.fromBundle(bundle)
            .withBudget(budget)
            .withPriorities(priorities)
            .withAudit(0.02)
            .withMicroBatching(MicroBatching.of(4))
            .withOrder(OutputOrder.ORDERED)
            .apply(frames);
    result
        .predictions()
        .map(
            prediction -> {
              PREDICTIONS.add(prediction);
              return 1;
            })
        .uid("predictions")
        .sinkTo(new DiscardingSink<>());
    result
        .controlEvents()
        .map(
            event -> {
              EVENTS.add(event);
              return 1;
            })
        .uid("events")
        .setParallelism(1) // in the order in which they were announced
        .sinkTo(new DiscardingSink<>());
    return env.executeAsync();
  }

  private record RepeatedFrames(ArrayList<ImageFrame> frames)
      implements MapFunction<Long, ImageFrame> {
    @Override
    public ImageFrame map(Long i) {
      if (FAIL_NEXT.compareAndSet(true, false)) {
        throw new IllegalStateException("a subtask fails on purpose");
      }
      ImageFrame frame = frames.get((int) (i % frames.size()));
      return ImageFrame.newBuilder(frame)
          .setSourceId("camera-" + i % CAMERAS)
          .setTimestampMs(System.currentTimeMillis())
          .build();
    }
  }

  private static void awaitPredictions(int more) throws Exception {
    int enough = PREDICTIONS.size() + more;
    CommonTestUtils.waitUntilCondition(() -> PREDICTIONS.size() >= enough);
  }

  private static void stop(JobClient job) throws Exception {
    job.cancel().get();
    CommonTestUtils.waitUntilCondition(() -> job.getJobStatus().get() == JobStatus.CANCELED);
  }

  private static long newestVersion() {
    return EVENTS.stream().mapToLong(ControlEvent::getVersion).max().orElse(0);
  }

  /** The bound that the quotas promise, for every run of n consecutive frames. */
  private static void assertQuotasHold(int n) {
    ModelBundle read = ModelBundle.read(bundle);
    StageCost cost = read.cascade().cost(CostUnit.TIME);
    Quotas quotas = new OptimalStopping().solve(read.calibration(), cost).quotasFor(SHARE);
    int subtasks = (int) PREDICTIONS.stream().map(Prediction::getSubtask).distinct().count();
    double bound = quotas.budget(cost) + quotas.slack(cost, subtasks) / n;
    List<Double> costs = PREDICTIONS.stream().map(Prediction::getCost).toList();
    assertThat(costs).containsOnly(0.4, 0.7, 1.0);
    double sum = 0;
    for (int i = 0; i < costs.size(); i++) {
      sum += costs.get(i) - (i >= n ? costs.get(i - n) : 0);
      if (i >= n - 1) {
        assertThat(sum / n).isLessThanOrEqualTo(bound + 1e-9);
      }
    }
  }

  @Test
  void budget_isHeldByEverySubtask_andEveryChangeIsTold() throws Exception {
    JobClient job = start(2, Budget.fixed(SHARE), null);
    awaitPredictions(4000);
    stop(job);

    assertQuotasHold(500);
    double mean =
        PREDICTIONS.stream().skip(1000).mapToDouble(Prediction::getCost).average().orElseThrow();
    assertThat(mean).isBetween(SHARE - 0.05, SHARE + 0.02);
    assertThat(PREDICTIONS.stream().map(Prediction::getSubtask).distinct()).hasSize(2);

    List<Long> versions = EVENTS.stream().map(ControlEvent::getVersion).toList();
    assertThat(versions).isSorted().doesNotHaveDuplicates().startsWith(1L);
    assertThat(PREDICTIONS.stream().map(Prediction::getThresholdsVersion).distinct())
        .filteredOn(version -> version <= newestVersion()) // the end may cut off the last event
        .isSubsetOf(versions);
    ControlEvent last = EVENTS.stream().reduce((a, b) -> b).orElseThrow();
    assertThat(last.getBudget()).isEqualTo(SHARE);
    assertThat(last.getMeasuredCost()).isBetween(0.3, 0.8);
    assertThat(last.getServedRate()).isPositive();
    assertThat(last.getUtilization()).isGreaterThan(0).isLessThanOrEqualTo(1);
    assertThat(last.getExitShares()).hasSize(3);
    assertThat(last.getAuditAgreement()).hasSize(2);
  }

  @Test
  void priorities_moveWhoGetsTheBudget_andNotHowMuchIsSpent() throws Exception {
    Priorities priorities = Priorities.parse(List.of("camera-0=50", "*-1=1:0.7"));
    JobClient job = start(2, Budget.fixed(SHARE), null, priorities);
    awaitPredictions(5000);
    stop(job);

    assertQuotasHold(500);
    Map<String, Double> costs =
        PREDICTIONS.stream()
            .skip(1500)
            .collect(
                Collectors.groupingBy(
                    Prediction::getSourceId, Collectors.averagingDouble(Prediction::getCost)));
    double mean =
        PREDICTIONS.stream().skip(1500).mapToDouble(Prediction::getCost).average().orElseThrow();
    assertThat(mean).isBetween(SHARE - 0.05, SHARE + 0.02);
    assertThat(costs).hasSize(CAMERAS);
    assertThat(costs.get("camera-0")).isGreaterThan(costs.get("camera-2") + 0.1);
    assertThat(costs.get("camera-1")).isGreaterThan(0.65);
    assertThat(costs.get("camera-2")).isLessThan(SHARE);
  }

  @Test
  void failedSubtask_goesOnWithTheNewestSettings_andWithinTheBound() throws Exception {
    JobClient job = start(2, Budget.fixed(SHARE), null);
    awaitPredictions(1500);
    long before = newestVersion();
    int failedAt = PREDICTIONS.size();
    FAIL_NEXT.set(true);
    CommonTestUtils.waitUntilCondition(() -> !FAIL_NEXT.get());
    EVENTS.clear();
    awaitPredictions(2000);
    stop(job);

    assertThat(before).isGreaterThan(1);
    assertThat(EVENTS).isNotEmpty().allMatch(event -> event.getVersion() >= before);
    assertThat(PREDICTIONS.stream().skip(failedAt + 1000).map(Prediction::getThresholdsVersion))
        .allMatch(version -> version >= before);
    assertQuotasHold(500);
  }

  @Test
  void savepoint_bringsTheControllerBack_alsoAtAnotherParallelism() throws Exception {
    JobClient job = start(1, Budget.fixed(SHARE), null);
    awaitPredictions(1500);
    String savepoint =
        job.stopWithSavepoint(false, directory.toUri().toString(), SavepointFormatType.CANONICAL)
            .get();
    long before = newestVersion();
    assertThat(before).isGreaterThan(1);
    forget();

    JobClient restored = start(2, Budget.fixed(SHARE), savepoint);
    awaitPredictions(1500);
    stop(restored);

    // The savepoint may hold one decision more, which its subtasks were no longer told, or one
    // less,
    // where they were told another while the job stopped.
    long kept = EVENTS.peek().getVersion();
    assertThat(kept).isBetween(before - 1, before + 1);
    assertThat(EVENTS.peek().getReason()).isEqualTo("restored from a checkpoint");
    assertQuotasHold(500);
    forget();

    JobClient cheaper = start(1, Budget.fixed(SHARE - 0.1), savepoint);
    awaitPredictions(300);
    stop(cheaper);
    assertThat(EVENTS.peek().getVersion()).isEqualTo(kept + 1);
    assertThat(EVENTS.peek().getBudget()).isEqualTo(SHARE - 0.1);
  }
}
