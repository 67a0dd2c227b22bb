package io.boostnet.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemoTest {

  @Test
  void patience_outlastsTwoCheckpoints() {
    assertThat(JobRun.patience(2000)).isEqualTo(Duration.ofSeconds(64));
    assertThat(JobRun.patience(Integer.MAX_VALUE)).isGreaterThan(Duration.ofDays(49));
  }
}
