package io.boostnet.flink.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.ElementType;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.TensorSpec;
import io.boostnet.flink.options.Priorities;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlPlanTest {

  private static PipelineControl control(int exits) {
    return control(plan(exits));
  }

  private static PipelineControl control(ControlPlan plan) {
    return new PipelineControl(plan, new ManualClock());
  }

  private static ControlPlan plan(int exits) {
    return ControlPlan.of(
        "pipeline",
        Budget.deadline(Duration.ofMillis(50)),
        cascade(exits),
        CostUnit.TIME,
        BudgetController.ofDeadline(exits),
        ControlPlan.DEFAULT_INTERVAL);
  }

  private static ControlPlan withPriorities(String... texts) {
    Priorities priorities = Priorities.parse(List.of(texts));
    return plan(3).withPriorities(priorities.names(), priorities.toString());
  }

  /** Of one name and version, whatever the number of its exits. */
  private static Cascade cascade(int exits) {
    List<TensorSpec> tensor = List.of(new TensorSpec("x", ElementType.FLOAT, List.of(1L)));
    return new Cascade(
        "network",
        "1",
        List.of("a", "b"),
        new Preprocessing(
            4,
            4,
            Preprocessing.ChannelOrder.RGB,
            1,
            List.of(0.0, 0.0, 0.0),
            List.of(1.0, 1.0, 1.0),
            Preprocessing.Resize.STRETCH,
            0,
            Preprocessing.Interpolation.AREA),
        IntStream.rangeClosed(1, exits)
            .mapToObj(i -> new Stage(i, "stage.onnx", "0", tensor, tensor, 100L * i, 1))
            .toList());
  }

  @Test
  void savedState_ofTheSameNumberOfExits_isRestored() throws IOException {
    PipelineControl restored = control(3);
    restored.restore(control(3).snapshot());
    assertThat(restored.version()).isEqualTo(1);
  }

  @Test
  void savedState_ofAnotherNumberOfExits_givesWayToANewStart() throws IOException {
    PipelineControl restored = control(3);
    restored.restore(control(2).snapshot());
    assertThat(restored.version()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"gate=4:0.6,1", "gate=5:0.6,2", "gate=4:0.5,2", "gate*=4:0.6,2"})
  void savedState_ofOtherPriorities_givesWayToANewStart(String saved, long version)
      throws IOException {
    PipelineControl restored = control(withPriorities("gate=4:0.6"));
    restored.restore(control(withPriorities(saved)).snapshot());
    assertThat(restored.version()).isEqualTo(version);
  }

  /** States that were saved without priorities have this policy. */
  @Test
  void policy_withoutPriorities_namesBudgetAndNetworkAlone() {
    assertThat(plan(3).policy())
        .isEqualTo("Deadline[allowed=PT0.05S] in macs on network 1 of 3 exits");
  }
}
