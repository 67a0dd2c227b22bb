package io.boostnet.flink.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.TestBundles;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.OffClock;
import io.boostnet.flink.model.ThresholdChange;
import io.boostnet.schema.ControlEvent;
import org.junit.jupiter.api.Test;

class OutcomeRecordsTest {

  @Test
  void controlEvent_tellsWhatWasMeasured_andNullWhereNothingWas() {
    Cascade cascade = ModelBundle.read(TestBundles.random().toString()).cascade();
    OutcomeRecords records = new OutcomeRecords(cascade, cascade.costInMacs(), "pipeline", 1 << 20);
    ThresholdChange.Measured measured =
        new ThresholdChange.Measured(
            0.5,
            0.4,
            0.1,
            100,
            90,
            20,
            0.8,
            new double[] {0.5, 0.3, 0.2},
            0.01,
            new double[] {0.9, 0.95},
            new OffClock[0],
            0.75);

    ControlEvent event = records.controlEvent(change(measured));
    ControlEvent start = records.controlEvent(change(ThresholdChange.Measured.nothing(0.5)));

    assertThat(event.getInheritedShare()).isEqualTo(0.75);
    assertThat(event.getUtilization()).isEqualTo(0.8);
    assertThat(event.getForcedShare()).isEqualTo(0.01);
    assertThat(start.getInheritedShare()).isNull();
    assertThat(start.getUtilization()).isNull();
    assertThat(start.getBudget()).isEqualTo(0.5);
  }

  private static ThresholdChange change(ThresholdChange.Measured measured) {
    double[] thresholds = {0.9, 0.8, 0};
    return new ThresholdChange(1, 1, "because", thresholds, new double[] {1, 1}, measured);
  }
}
