package io.boostnet.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.flink.autoscaler.config.AutoScalerOptions;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class AutoscalerMainTest {

  @Test
  void options_asWritten_areTheAutoscalersOwn() {
    Configuration options =
        AutoscalerMain.options(
            List.of("job.autoscaler.target.utilization=0.6", "job.autoscaler.metrics.window=30 s"));

    assertThat(options.get(AutoScalerOptions.TARGET_UTILIZATION)).isEqualTo(0.6);
    assertThat(options.get(AutoScalerOptions.METRICS_WINDOW)).hasSeconds(30);
  }

  @Test
  void options_withoutAValue_throws() {
    assertThatThrownBy(() -> AutoscalerMain.options(List.of("job.autoscaler.enabled")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"job.autoscaler.enabled\"; key=value is needed");
  }
}
