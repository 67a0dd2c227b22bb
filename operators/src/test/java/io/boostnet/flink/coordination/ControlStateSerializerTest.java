package io.boostnet.flink.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.budget.ConfidenceHistogram;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.exit.Thresholds;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlStateSerializerTest {

  private static final String POLICY = "a budget";

  private final ControlStateSerializer serializer = new ControlStateSerializer(POLICY);

  private static double[] counts(int bins) {
    double[] counts = new double[bins];
    Arrays.setAll(counts, i -> i + 0.5);
    return counts;
  }

  private static ControlState state(double[] counts) {
    return new ControlState(
        Thresholds.of(7, 0.6, 0),
        Quotas.of(3, 0.4),
        new long[] {5, 6},
        0.55,
        new ControlState.Memory(
            List.of(ConfidenceHistogram.of(counts)), -2, new double[] {8, 9}, 10, 11, 12, 1.5));
  }

  /** What the first release wrote of such a state: histograms of 144 bins. */
  private static byte[] ofFormat1() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(1);
      out.writeUTF(POLICY);
      out.writeLong(7);
      write(out, 0.6, 0);
      out.writeInt(3);
      write(out, 0.4);
      out.writeInt(2);
      out.writeLong(5);
      out.writeLong(6);
      out.writeDouble(0.55);
      write(out, counts(144));
      out.writeDouble(-2);
      write(out, 8, 9);
      for (double value : new double[] {10, 11, 12, 1.5}) {
        out.writeDouble(value);
      }
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, double... values) throws IOException {
    out.writeInt(values.length);
    for (double value : values) {
      out.writeDouble(value);
    }
  }

  @Test
  void state_isReadAsItWasWritten() throws IOException {
    ControlState state = state(counts(ConfidenceHistogram.BINS));
    ControlStateSerializer.Saved saved = serializer.read(serializer.write(state));

    assertThat(saved.policy()).isEqualTo(POLICY);
    assertThat(saved.state()).usingRecursiveComparison().isEqualTo(state);
  }

  @Test
  void stateOfFormat1_isRead_withNothingInTheBinsItDidNotHave() throws IOException {
    double[] counts = Arrays.copyOf(counts(144), ConfidenceHistogram.BINS);

    ControlStateSerializer.Saved saved = serializer.read(ofFormat1());

    assertThat(saved.policy()).isEqualTo(POLICY);
    assertThat(saved.state()).usingRecursiveComparison().isEqualTo(state(counts));
  }
}
