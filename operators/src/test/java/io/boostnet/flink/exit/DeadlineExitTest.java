package io.boostnet.flink.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DeadlineExitTest {

  private final DeadlineExit policy = DeadlineExit.of(5, 10, 20);

  @Test
  void leaves_timeForTheNextStage_goesOn() {
    assertThat(policy.leaves(1, 10)).isFalse();
    assertThat(policy.leaves(2, 20)).isFalse();
  }

  @Test
  void leaves_lessTimeThanTheNextStageNeeds_leaves() {
    assertThat(policy.leaves(1, 9)).isTrue();
    assertThat(policy.leaves(2, 19)).isTrue();
    assertThat(policy.leaves(1, -1)).isTrue();
  }

  @Test
  void leaves_lastExit_always() {
    assertThat(policy.leaves(3, Long.MAX_VALUE)).isTrue();
  }

  @Test
  void of_noStageOrNegativeTime_isRefused() {
    assertThatThrownBy(DeadlineExit::of).hasMessageContaining("one per stage");
    assertThatThrownBy(() -> DeadlineExit.of(1, -2)).hasMessageContaining("[1, -2]");
  }
}
