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
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.Test;

class ControlPlanTest {

  private static PipelineControl control(int exits) {
    Budget deadline = Budget.deadline(Duration.ofMillis(50));
    return new PipelineControl(
        ControlPlan.of(
            "pipeline",
            deadline,
            cascade(exits),
            CostUnit.TIME,
            BudgetController.ofDeadline(exits),
            ControlPlan.DEFAULT_INTERVAL),
        new ManualClock());
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
}
