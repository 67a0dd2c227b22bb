package io.boostnet.flink.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.coordination.ControlPlan;
import io.boostnet.flink.coordination.ThresholdUpdate;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Outcome;
import io.boostnet.flink.model.StageCost;
import io.boostnet.flink.model.ThresholdChange;
import io.boostnet.flink.options.MicroBatching;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A stage in Flink's test harness, with the fake network of {@link FakeCascade}; closed after every
 * test.
 */
abstract class StageHarness {

  static final MicroBatching FOUR = new MicroBatching(4, Duration.ofMillis(20));

  /** Confidence at which a frame leaves; 3 gives 0.95, 0.1 gives 0.52. */
  static final Thresholds THRESHOLDS = Thresholds.of(1, 0.9, 0.9, 0);

  static final StageCost COST = StageCost.ofCumulative(1, 2, 3);

  static final float EASY = 3;
  static final float HARD = 0.1f;

  OneInputStreamOperatorTestHarness<ChainElement, ChainElement> harness;
  StageControl control = control(0);

  static StageControl control(double auditShare) {
    return control(auditShare, Duration.ofMillis(100));
  }

  static StageControl control(double auditShare, Duration allowed) {
    BudgetController constant = BudgetController.of(Budget.constant(THRESHOLDS), null);
    return new StageControl(
        new ControlPlan("test", "constant", constant, COST, ControlPlan.DEFAULT_INTERVAL),
        auditShare,
        1,
        allowed);
  }

  /** An operator with what the coordinator would send it. */
  void tell(Thresholds thresholds, Quotas quotas, long... reserveNanos) throws Exception {
    ThresholdChange change =
        new ThresholdChange(
            thresholds.version(),
            1,
            "because",
            thresholds.toArray(),
            quotas.toArray(),
            ThresholdChange.Measured.nothing(0.5));
    ((OperatorEventHandler) harness.getOperator())
        .handleOperatorEvent(new ThresholdUpdate(thresholds, quotas, reserveNanos, change));
  }

  @BeforeEach
  void reset() {
    FakeCascade.reset();
  }

  @AfterEach
  void everythingIsClosed() throws Exception {
    if (harness != null) {
      harness.close();
    }
    assertThat(FakeCascade.OPEN_RUNNERS).hasValue(0);
    assertThat(FakeCascade.OPEN_BATCHES).hasValue(0);
  }

  void open(int stage, MicroBatching batching) throws Exception {
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new StageOperatorFactory(new FakeCascade.Factory(stage), batching, control));
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(new ChainElementType().createSerializer(new SerializerConfigImpl()));
    harness.open();
  }

  void send(long number, float value) throws Exception {
    harness.processElement(new StreamRecord<>(FakeCascade.sample(number, value), number));
  }

  /** The task looks into its mailbox, between two records or since there is none. */
  void lookIntoMailbox() throws Exception {
    Optional<Mail> mail = harness.getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY);
    if (mail.isPresent()) {
      mail.get().run();
    }
  }

  List<Outcome> outcomes() {
    return emitted(Outcome.class);
  }

  List<Long> left() {
    return outcomes().stream().map(outcome -> outcome.ticket().number()).toList();
  }

  List<Long> survivors() {
    return emitted(InFlightSample.class).stream().map(sample -> sample.ticket().number()).toList();
  }

  <T> List<T> emitted(Class<T> kind) {
    return harness.getOutput().stream()
        .filter(element -> element instanceof StreamRecord<?>)
        .map(element -> ((StreamRecord<?>) element).getValue())
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }
}
