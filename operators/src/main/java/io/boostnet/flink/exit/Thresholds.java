package io.boostnet.flink.exit;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.flink.annotation.Public;

/**
 * Exit thresholds: an image leaves at exit k iff its confidence is at least {@code T_k}. Immutable.
 *
 * <p>The last threshold is 0: all that is left leaves there. A threshold above 1 closes an exit.
 */
@Public
public final class Thresholds implements Serializable {

  private static final long serialVersionUID = 1;

  private final long version;
  private final double[] values;

  private Thresholds(long version, double[] values) {
    this.version = version;
    this.values = values;
  }

  /**
   * Thresholds of a version.
   *
   * @param version at least 0; a later change has a larger one
   * @param values one per exit, at least 0; the last must be 0
   * @throws IllegalArgumentException with the value and the range
   */
  public static Thresholds of(long version, double... values) {
    if (version < 0) {
      throw new IllegalArgumentException("thresholds version is " + version + "; at least 0");
    }
    for (double value : values) {
      if (!(value >= 0)) {
        throw new IllegalArgumentException(
            "thresholds are " + Arrays.toString(values) + "; each must be at least 0");
      }
    }
    if (values.length == 0 || values[values.length - 1] != 0) {
      throw new IllegalArgumentException(
          "thresholds are "
              + Arrays.toString(values)
              + "; one per exit is needed and the last must be 0");
    }
    return new Thresholds(version, values.clone());
  }

  /** Thresholds under which every image runs the whole network. */
  public static Thresholds neverExit(long version, int exits) {
    double[] values = new double[exits];
    Arrays.fill(values, 0, exits - 1, 2);
    return of(version, values);
  }

  /** Version; grows with every change. */
  public long version() {
    return version;
  }

  /** Number of exits. */
  public int exits() {
    return values.length;
  }

  /**
   * Threshold of an exit.
   *
   * @param exit 1 .. exits
   */
  public double at(int exit) {
    return values[exit - 1];
  }

  /**
   * Whether an image leaves.
   *
   * @param exit 1 .. exits
   * @param confidence its confidence there, 0..1
   */
  public boolean leaves(int exit, float confidence) {
    return confidence >= values[exit - 1];
  }

  /** The thresholds, one per exit; a copy. */
  public double[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Thresholds that
        && version == that.version
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(version) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Thresholds " + version + " " + Arrays.toString(values);
  }
}
