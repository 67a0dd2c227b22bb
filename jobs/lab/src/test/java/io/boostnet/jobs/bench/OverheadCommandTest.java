package io.boostnet.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.lab.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverheadCommandTest {

  @Test
  void quartiles_betweenTwoRounds_areInterpolated() {
    assertThat(OverheadCommand.Quartiles.of(4, 1, 3, 2))
        .isEqualTo(new OverheadCommand.Quartiles(1.75, 2.5, 3.25));
    assertThat(OverheadCommand.Quartiles.of(5, 1, 3, 2, 4))
        .isEqualTo(new OverheadCommand.Quartiles(2, 3, 4));
    assertThat(OverheadCommand.Quartiles.of(7)).isEqualTo(new OverheadCommand.Quartiles(7, 7, 7));
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds, 0, rounds is 0",
    "--settle, -1, settle -1",
    "--micro-batch, 0, micro-batch is 0"
  })
  void overhead_badOption_isRefused(String option, String value, String expected) {
    CommandResult result =
        CommandResult.of(
            Main.commandLine(),
            "bench",
            "overhead",
            "--bundle",
            "none",
            "--frames",
            "none",
            option,
            value);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("boostnet: ").contains(expected);
  }
}
