package io.boostnet.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.model.CostUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExitThresholdsTest {

  private final ModelBundle bundle = ModelBundle.read("demo/models/gtsrb-msdnet");

  @ParameterizedTest
  @EnumSource(CostUnit.class)
  void of_lessThanTheFirstExit_namesAMeanCostThatIsTaken(CostUnit unit) {
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class, () -> new ExitThresholds(null, null, 0.01).of(bundle, unit));
    Matcher named = Pattern.compile("alone costs ([0-9.]+) of").matcher(refused.getMessage());
    assertThat(named.find()).isTrue();

    double least = Double.parseDouble(named.group(1));
    assertThat(new ExitThresholds(null, null, least).of(bundle, unit).toArray()).hasSize(4);
  }
}
