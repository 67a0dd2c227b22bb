package io.boostnet.flink.coordination;

import io.boostnet.flink.budget.ConfidenceHistogram;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.exit.Thresholds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The controller's state in a checkpoint: a format version, the policy in words, and the fields of
 * {@link ControlState} in order, big-endian. Immutable; thread-safe.
 */
final class ControlStateSerializer {

  private static final int FORMAT = 2;

  /** Its histograms ended before the last bins of today's, and are else the same. */
  private static final int SHORT_HISTOGRAMS = 1;

  private final String policy;

  ControlStateSerializer(String policy) {
    this.policy = policy;
  }

  /** A state, and the policy that it was saved under. */
  record Saved(String policy, ControlState state) {}

  byte[] write(ControlState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(FORMAT);
      out.writeUTF(policy);
      out.writeLong(state.thresholds().version());
      write(out, state.thresholds().toArray());
      out.writeInt(state.quotas().depth());
      write(out, state.quotas().toArray());
      out.writeInt(state.reserveNanos().length);
      for (long nanos : state.reserveNanos()) {
        out.writeLong(nanos);
      }
      out.writeDouble(state.budget());
      ControlState.Memory memory = state.memory();
      for (ConfidenceHistogram histogram : memory.confidences()) {
        write(out, histogram.toArray());
      }
      out.writeDouble(memory.balance());
      write(out, memory.stageNanos());
      out.writeDouble(memory.arrivalsPerSecond());
      out.writeDouble(memory.mostArrivalsPerSecond());
      out.writeDouble(memory.besideNanos());
      out.writeDouble(memory.slowness());
    }
    return bytes.toByteArray();
  }

  Saved read(byte[] saved) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(saved))) {
      int format = in.readInt();
      if (format != FORMAT && format != SHORT_HISTOGRAMS) {
        throw new IOException(
            "the controller's state has format %d, this release reads %d and %d; restore with the release that wrote it"
                .formatted(format, SHORT_HISTOGRAMS, FORMAT));
      }
      String savedPolicy = in.readUTF();
      Thresholds thresholds = Thresholds.of(in.readLong(), read(in));
      int depth = in.readInt();
      Quotas quotas = Quotas.of(depth, read(in));
      long[] reserveNanos = new long[in.readInt()];
      for (int i = 0; i < reserveNanos.length; i++) {
        reserveNanos[i] = in.readLong();
      }
      double budget = in.readDouble();
      List<ConfidenceHistogram> confidences = new ArrayList<>();
      for (int i = 1; i < thresholds.exits(); i++) {
        double[] counts = read(in);
        confidences.add(
            ConfidenceHistogram.of(
                format == FORMAT ? counts : Arrays.copyOf(counts, ConfidenceHistogram.BINS)));
      }
      ControlState.Memory memory =
          new ControlState.Memory(
              confidences,
              in.readDouble(),
              read(in),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble());
      return new Saved(
          savedPolicy, new ControlState(thresholds, quotas, reserveNanos, budget, memory));
    }
  }

  private static void write(DataOutputStream out, double[] values) throws IOException {
    out.writeInt(values.length);
    for (double value : values) {
      out.writeDouble(value);
    }
  }

  private static double[] read(DataInputStream in) throws IOException {
    double[] values = new double[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readDouble();
    }
    return values;
  }
}
