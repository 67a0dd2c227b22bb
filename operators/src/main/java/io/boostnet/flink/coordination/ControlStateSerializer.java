package io.boostnet.flink.coordination;

import io.boostnet.flink.budget.Arrivals;
import io.boostnet.flink.budget.ConfidenceHistogram;
import io.boostnet.flink.budget.ControlMemory;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.MachineModel;
import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.exit.Thresholds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The controller's state in a checkpoint: a format version, the policy in words, and the fields of
 * {@link ControlState} in order, big-endian, its memory after a byte that says of which policy.
 * Immutable; thread-safe.
 */
final class ControlStateSerializer {

  private static final int FORMAT = 3;
  private static final int NONE = 0;
  private static final int SHARES = 1;
  private static final int KEEP_UP = 2;

  /** Of releases before: times of the stages, which the reserves hold. */
  private static final int DEADLINES = 3;

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
      write(out, state.memory());
    }
    return bytes.toByteArray();
  }

  Saved read(byte[] saved) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(saved))) {
      int format = in.readInt();
      if (format != FORMAT) {
        throw new IOException(
            "the controller's state has format %d, this release reads %d; restore with the release that wrote it"
                .formatted(format, FORMAT));
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
      ControlMemory memory = readMemory(in, thresholds.exits());
      return new Saved(
          savedPolicy, new ControlState(thresholds, quotas, reserveNanos, budget, memory));
    }
  }

  private static void write(DataOutputStream out, ControlMemory memory) throws IOException {
    if (memory instanceof ControlMemory.Shares shares) {
      out.writeByte(SHARES);
      writeShares(out, shares);
    } else if (memory instanceof ControlMemory.KeepUp keepUp) {
      out.writeByte(KEEP_UP);
      writeShares(out, keepUp.shares());
      out.writeDouble(keepUp.arrivals().perSecond());
      out.writeDouble(keepUp.arrivals().mostPerSecond());
      write(out, keepUp.machine().stageNanos());
      out.writeDouble(keepUp.machine().besideNanos());
      out.writeDouble(keepUp.machine().slowness());
    } else {
      out.writeByte(NONE);
    }
  }

  private static ControlMemory readMemory(DataInputStream in, int exits) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case NONE -> new ControlMemory.None();
      case SHARES -> readShares(in, exits);
      case KEEP_UP ->
          new ControlMemory.KeepUp(
              readShares(in, exits),
              new Arrivals(in.readDouble(), in.readDouble()),
              new MachineModel(read(in), in.readDouble(), in.readDouble()));
      case DEADLINES -> {
        read(in);
        yield new ControlMemory.None();
      }
      default -> throw new IOException("the controller's state has a memory of kind " + kind);
    };
  }

  private static void writeShares(DataOutputStream out, ControlMemory.Shares shares)
      throws IOException {
    writeHistograms(out, shares.seen());
    writeHistograms(out, shares.expected());
    out.writeDouble(shares.planned());
    write(out, shares.ahead());
  }

  private static ControlMemory.Shares readShares(DataInputStream in, int exits) throws IOException {
    return new ControlMemory.Shares(
        readHistograms(in, exits), readHistograms(in, exits), in.readDouble(), read(in));
  }

  private static void writeHistograms(DataOutputStream out, List<ConfidenceHistogram> histograms)
      throws IOException {
    for (ConfidenceHistogram histogram : histograms) {
      write(out, histogram.toArray());
    }
  }

  private static List<ConfidenceHistogram> readHistograms(DataInputStream in, int exits)
      throws IOException {
    List<ConfidenceHistogram> histograms = new ArrayList<>();
    for (int i = 1; i < exits; i++) {
      histograms.add(ConfidenceHistogram.of(read(in)));
    }
    return histograms;
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
