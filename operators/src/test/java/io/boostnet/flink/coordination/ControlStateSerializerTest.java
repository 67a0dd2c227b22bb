package io.boostnet.flink.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.budget.Arrivals;
import io.boostnet.flink.budget.ConfidenceHistogram;
import io.boostnet.flink.budget.ControlMemory;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.MachineModel;
import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.exit.Thresholds;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlStateSerializerTest {

  private static final String POLICY = "a budget";

  private static final String WITHOUT_MEMORY =
      "00000003" // format
          + "00086120627564676574" // policy
          + "0000000000000007" // version
          + "000000023fe33333333333330000000000000000" // thresholds
          + "00000003000000013fd999999999999a" // depth, quotas
          + "0000000200000000000000050000000000000006" // reserves
          + "3fe199999999999a"; // budget

  private final ControlStateSerializer serializer = new ControlStateSerializer(POLICY);

  static Stream<ControlMemory> memories() {
    double[] counts = new double[ConfidenceHistogram.BINS];
    Arrays.setAll(counts, i -> i + 0.5);
    ControlMemory.Shares shares =
        new ControlMemory.Shares(
            List.of(ConfidenceHistogram.of(counts)),
            List.of(ConfidenceHistogram.empty()),
            0.5,
            new double[] {-2});
    return Stream.of(
        new ControlMemory.None(),
        shares,
        new ControlMemory.KeepUp(
            shares, new Arrivals(10, 6), new MachineModel(new double[] {8, 9}, 12, 1.5)));
  }

  private static ControlState state(ControlMemory memory) {
    return new ControlState(
        Thresholds.of(7, 0.6, 0), Quotas.of(3, 0.4), new long[] {5, 6}, 0.55, memory);
  }

  @ParameterizedTest
  @MethodSource("memories")
  void state_isReadAsItWasWritten(ControlMemory memory) throws IOException {
    ControlStateSerializer.Saved saved = serializer.read(serializer.write(state(memory)));

    assertThat(saved.policy()).isEqualTo(POLICY);
    assertThat(saved.state()).usingRecursiveComparison().isEqualTo(state(memory));
  }

  /** Checkpoints of today are to be read by every release to come. */
  @Test
  void bytes_ofAStateWithoutHistograms_areTheseForever() throws IOException {
    ControlState state = state(new ControlMemory.None());

    assertThat(HexFormat.of().formatHex(serializer.write(state))).isEqualTo(WITHOUT_MEMORY + "00");
  }

  /** Deadlines once remembered the times of the stages beside the reserves. */
  @Test
  void bytes_ofDeadlinesThatRememberedTimes_areRead() throws IOException {
    byte[] saved =
        HexFormat.of().parseHex(WITHOUT_MEMORY + "030000000240200000000000004022000000000000");

    assertThat(serializer.read(saved).state())
        .usingRecursiveComparison()
        .isEqualTo(state(new ControlMemory.None()));
  }

  @Test
  void bytes_ofAnotherFormat_areRefused() {
    assertThatThrownBy(() -> serializer.read(new byte[] {0, 0, 0, 2}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 2, this release reads 3");
  }
}
