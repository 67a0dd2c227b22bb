package io.boostnet.flink.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StageTimesTest {

  private static StageTimes times(Double... nanos) {
    return new StageTimes("a machine", 8, List.of(nanos));
  }

  @Test
  void cost_isTheShareOfTheWholeNetworksTime() {
    StageTimes times = times(30.0, 50.0, 20.0);
    assertThat(times.total()).isEqualTo(100);
    assertThat(times.cost().toArray()).containsExactly(new double[] {0.3, 0.8, 1}, within(1e-12));
  }

  @Test
  void mostDifferent_isTheExitWhoseShareDiffersMost_whateverTheSpeed() {
    StageTimes slow = times(300.0, 500.0, 200.0);
    assertThat(times(30.0, 40.0, 30.0).mostDifferent(slow)).isEqualTo(2);
    assertThat(times(50.0, 30.0, 20.0).mostDifferent(slow)).isEqualTo(1);
  }

  @Test
  void timesThatAreNone_areRefused() {
    assertThatThrownBy(() -> times(1.0, 0.0)).hasMessageContaining("each must be finite and above");
    assertThatThrownBy(() -> times(Double.NaN)).hasMessageContaining("[NaN]");
    assertThatThrownBy(() -> new StageTimes("a machine", 0, List.of(1.0)))
        .hasMessageContaining("micro-batches of 0; at least 1");
    assertThat(StageTimes.NONE.isMeasured()).isFalse();
  }
}
