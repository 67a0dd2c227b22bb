package io.boostnet.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.codec.BundleException;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.options.OutputOrder;
import io.boostnet.flink.options.Priorities;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known to be wrong, or right, before there is a job. */
class EarlyExitInferenceTest {

  /** A bundle without calibration evidence. */
  private static final String BUNDLE = TestBundles.random().toString();

  @TempDir private Path directory;

  private static final Budget KEEP_UP = Budget.keepUp().between(0.5, 1);
  private static final Budget DEADLINE = Budget.deadline(Duration.ofMillis(50));

  private static EarlyExitInference inference() {
    return EarlyExitInference.fromBundle(BUNDLE);
  }

  private static EarlyExitInference.Result wire(
      StreamExecutionEnvironment environment, UnaryOperator<EarlyExitInference> options) {
    return options
        .apply(inference())
        .apply(environment.fromData(TestBundles.frames(1), new AvroTypeInfo<>(ImageFrame.class)));
  }

  @Test
  void wrongOptions_areRefused() {
    assertThatThrownBy(() -> inference().withThresholds(0.5, 0))
        .hasMessageContaining("2 thresholds were given, random has 3 exits");
    assertThatThrownBy(() -> inference().withThresholds(0.5, 0.5, 0.5))
        .hasMessageContaining("the last must be 0");
    assertThatThrownBy(() -> inference().withChainBreakBefore(1))
        .hasMessageContaining("allowed are 2 to 3");
    assertThatThrownBy(() -> inference().withControlInterval(Duration.ofNanos(9_999_999)))
        .hasMessageContaining("at least 10 ms is needed");
  }

  @Test
  void budgetUnderTheFirstExit_isRefusedInTheUnitThatCounts() throws Exception {
    String bundle = TestBundles.withTimes(directory, 60.0, 30.0, 10.0).toString();
    double inMacs = ModelBundle.read(bundle).cascade().costInMacs().atExit(1);
    Budget between = Budget.fixed((inMacs + 0.6) / 2);
    var inTime = EarlyExitInference.fromBundle(bundle).withBudget(between);
    assertThatThrownBy(inTime::verify)
        .hasMessageContaining("first exit of random alone costs 0.600 of the full network in time");
    var environment = StreamExecutionEnvironment.getExecutionEnvironment();
    var frames = environment.fromData(TestBundles.frames(1), new AvroTypeInfo<>(ImageFrame.class));
    assertThatThrownBy(() -> inTime.apply(frames)).hasMessageContaining("costs 0.600");
    assertThatThrownBy(inTime.withCost(CostUnit.MACS)::verify)
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("calibration.avro"); // affordable, and refused for the evidence alone
  }

  @Test
  void priorities_withoutAPrice_areRefused() {
    Priorities priorities = Priorities.parse(List.of("gate=4"));
    assertThatThrownBy(inference().withPriorities(priorities).withBudget(DEADLINE)::verify)
        .hasMessageContaining("has no price that sources could share");
    assertThatThrownBy(inference().withPriorities(priorities)::verify)
        .hasMessageContaining("use fixed:<share> or keep-up");
  }

  @Test
  void floors_thatNoBudgetPaysOrThatGainNothing_areRefused() throws Exception {
    TestBundles.withEvidence(directory, TestBundles.frames(200));
    var inference = EarlyExitInference.fromBundle(directory.toString());
    Budget budget = Budget.fixed(0.5);
    assertThatThrownBy(
            inference.withBudget(budget).withPriorities(Priorities.parse(List.of("*=1:0.6")))
                ::verify)
        .hasMessageContaining("every source has a floor, the least is 0.6")
        .hasMessageContaining("lower the floors or raise the budget");
    assertThatThrownBy(inference.withPriorities(Priorities.parse(List.of("gate=1:1.0")))::verify)
        .hasMessageContaining("floor of gate is 1.0");
    assertThatThrownBy(inference.withPriorities(Priorities.parse(List.of("gate=1:0.01")))::verify)
        .hasMessageContaining("floor of gate is 0.01, but every frame gets the first exit")
        .hasMessageContaining("give more than that, or leave the floor out");
  }

  @Test
  void orderWithUnalignedCheckpoints_isRefused() {
    var environment = StreamExecutionEnvironment.getExecutionEnvironment();
    environment.enableCheckpointing(1000);
    environment.getCheckpointConfig().enableUnalignedCheckpoints();
    assertThatThrownBy(() -> wire(environment, job -> job.withOrder(OutputOrder.ORDERED)))
        .hasMessageContaining("ordered output needs aligned checkpoints");
  }

  @Test
  void keepUp_withABrokenChain_isRefused() {
    String sentence = "the chain breaks before stage 2, but keep-up sees the first thread alone";
    assertThatThrownBy(() -> inference().withBudget(KEEP_UP).withChainBreakBefore(2))
        .hasMessageContaining(sentence);
    assertThatThrownBy(() -> inference().withChainBreakBefore(2).withBudget(KEEP_UP))
        .hasMessageContaining(sentence);
    inference().withBudget(Budget.fixed(0.6)).withChainBreakBefore(2);
  }

  @Test
  void keepUp_withoutOperatorChaining_isRefused() {
    var environment = StreamExecutionEnvironment.getExecutionEnvironment();
    environment.disableOperatorChaining();
    assertThatThrownBy(() -> wire(environment, job -> job.withBudget(KEEP_UP)))
        .hasMessageContaining("operator chaining is off, but keep-up sees the first thread alone");
    wire(environment, job -> job.withBudget(DEADLINE));
  }

  @Test
  void deadline_withAudit_isRefused() {
    String sentence = "there is nothing to audit; set the share to 0";
    assertThatThrownBy(() -> inference().withBudget(DEADLINE).withAudit(0.01))
        .hasMessageContaining(sentence);
    assertThatThrownBy(() -> inference().withAudit(0.01).withBudget(DEADLINE))
        .hasMessageContaining(sentence);
    inference().withBudget(DEADLINE).withAudit(0);
  }

  @Test
  void controlInterval_longerThanASubtaskMayBeSilent_isRefused_whereThereIsSomethingToDecide() {
    assertThatThrownBy(
            () -> inference().withBudget(KEEP_UP).withControlInterval(Duration.ofMillis(2001)))
        .hasMessageContaining(
            "control interval is PT2.001S; with a budget at most PT2S is allowed");
    assertThatThrownBy(
            () -> inference().withControlInterval(Duration.ofDays(1)).withBudget(KEEP_UP))
        .hasMessageContaining("control interval is PT24H");
    inference().withBudget(KEEP_UP).withControlInterval(Duration.ofSeconds(2));
  }

  @Test
  void evidence_isNeededByBudgetsOfThresholds_andNotByADeadline() {
    var environment = StreamExecutionEnvironment.getExecutionEnvironment();
    assertThat(wire(environment, job -> job.withBudget(DEADLINE)).predictions()).isNotNull();
    assertThatThrownBy(() -> wire(environment, job -> job.withBudget(KEEP_UP)))
        .isInstanceOf(BundleException.class);
  }

  @Test
  void bundleOnThisDisk_goesWithAJobForAnotherMachine_once() throws Exception {
    var remote = new Configuration().set(DeploymentOptions.TARGET, "remote");
    var elsewhere = new StreamExecutionEnvironment(remote);
    wire(elsewhere, job -> job.withPipelineName("a"));
    wire(elsewhere, job -> job.withPipelineName("b"));
    wire(elsewhere, job -> job.withPipelineName("c").withBundleInPlace());
    assertThat(elsewhere.getCachedFiles())
        .singleElement()
        .satisfies(file -> assertThat(file.f1.filePath).startsWith("file:/"));

    String sameName =
        TestBundles.copyTo(Files.createDirectory(directory.resolve("random"))).toString();
    assertThatThrownBy(() -> wire(elsewhere, job -> EarlyExitInference.fromBundle(sameName)))
        .hasMessageContaining("Flink sends one file of a name; rename the bundle");

    var here = StreamExecutionEnvironment.getExecutionEnvironment();
    wire(here, job -> job);
    assertThat(here.getCachedFiles()).isEmpty();
  }
}
