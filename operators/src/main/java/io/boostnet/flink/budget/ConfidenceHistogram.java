package io.boostnet.flink.budget;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.flink.annotation.Internal;

/**
 * Confidences of the images that reached an exit, whether they left there or not. Immutable; {@link
 * Recorder} fills one.
 *
 * <p>Bins are even in {@code logit c = ln(c / (1 - c))}, {@value #PER_UNIT} to a unit, from {@value
 * #LOWEST} to {@value #HIGHEST}, because the confidences that decide crowd near 1: at 0.5 a bin is
 * 0.03 wide, at 0.99 it is 0.0012. The largest float below 1 has logit 16.6, so that the last bin
 * is that of 1 itself. Counts are not whole once they were scaled.
 */
@Internal
public final class ConfidenceHistogram implements Serializable {

  /** Number of bins. */
  public static final int BINS = 184;

  /** The least confidence outside the first bin, which is for images counted as kept. */
  static final double ABOVE_KEPT = 1 / (1 + Math.exp(6 - 1.5 / 8));

  private static final int PER_UNIT = 8;
  private static final int LOWEST = -6;
  private static final int HIGHEST = 17;
  private static final long serialVersionUID = 1;

  private static final ConfidenceHistogram EMPTY = new ConfidenceHistogram(new double[BINS]);

  private final double[] counts;
  private final double total;

  private ConfidenceHistogram(double[] counts) {
    this.counts = counts;
    this.total = Arrays.stream(counts).sum();
  }

  /** No images. */
  public static ConfidenceHistogram empty() {
    return EMPTY;
  }

  /**
   * A histogram of counts, as {@link #toArray} gave them.
   *
   * @throws IllegalArgumentException unless there are {@value #BINS} and none is below 0
   */
  public static ConfidenceHistogram of(double... counts) {
    if (counts.length != BINS || Arrays.stream(counts).anyMatch(count -> !(count >= 0))) {
      throw new IllegalArgumentException(
          "histogram has " + counts.length + " counts; " + BINS + " of at least 0 are needed");
    }
    return new ConfidenceHistogram(counts.clone());
  }

  /** Images counted. */
  public double total() {
    return total;
  }

  /** Those in the first bin: counted as {@link Weighting#KEPT}, or as good as certainly wrong. */
  ConfidenceHistogram kept() {
    return part(0, 1);
  }

  /** Those that are not {@link #kept}. */
  ConfidenceHistogram others() {
    return part(1, BINS);
  }

  private ConfidenceHistogram part(int from, int until) {
    double[] part = new double[BINS];
    System.arraycopy(counts, from, part, from, until - from);
    return new ConfidenceHistogram(part);
  }

  /** The counts, one per bin; a copy. */
  public double[] toArray() {
    return counts.clone();
  }

  /** Both together. */
  public ConfidenceHistogram plus(ConfidenceHistogram other) {
    return scaledPlus(1, other);
  }

  /** This with every count multiplied by a factor, at least 0, and another added. */
  public ConfidenceHistogram scaledPlus(double factor, ConfidenceHistogram other) {
    double[] sum = new double[BINS];
    for (int i = 0; i < BINS; i++) {
      sum[i] = factor * counts[i] + other.counts[i];
    }
    return new ConfidenceHistogram(sum);
  }

  /** The same shares of so many images; of none where there is none. */
  ConfidenceHistogram scaledTo(double images) {
    return total == 0 ? EMPTY : scaledPlus(images / total, EMPTY);
  }

  /**
   * Share of the images with at least this confidence, 0..1, taking those within a bin as evenly
   * spread in its logit; 0 where there is no image.
   */
  public double shareFrom(double threshold) {
    if (total == 0 || threshold > 1) {
      return 0;
    }
    double position = position(threshold);
    int bin = Math.min(BINS - 1, (int) position);
    double above = counts[bin] * (bin + 1 - Math.min(bin + 1, position));
    for (int i = bin + 1; i < BINS; i++) {
      above += counts[i];
    }
    return above / total;
  }

  /**
   * The threshold that a share of the images reaches: the inverse of {@link #shareFrom}.
   *
   * @param share 0..1
   * @return 0 for a share of 1, above 1 for a share of 0
   */
  public double thresholdFor(double share) {
    if (!(share > 0) || total == 0) {
      return RankedEvidence.CLOSED;
    }
    if (share >= 1) {
      return 0;
    }
    double wanted = share * total;
    int bin = BINS;
    double above = 0;
    while (above < wanted && bin > 0) {
      bin--;
      above += counts[bin];
    }
    double position = bin + (counts[bin] == 0 ? 0 : (above - wanted) / counts[bin]);
    return sigmoid(LOWEST + position / PER_UNIT);
  }

  /** The bin of a confidence of 0..1. */
  static int bin(float confidence) {
    return Math.min(BINS - 1, (int) position(confidence));
  }

  private static double position(double confidence) {
    double logit = Math.log(confidence / (1 - confidence));
    return Math.min(BINS, Math.max(0, (logit - LOWEST) * PER_UNIT));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfidenceHistogram that && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  /** Counts confidences between two reports. For one thread. */
  public static final class Recorder {

    private final double[] counts = new double[BINS];

    /** Counts an image of this confidence, 0..1. */
    public void record(float confidence) {
      counts[bin(confidence)]++;
    }

    /** What was counted since the last call; counting starts again from nothing. */
    public ConfidenceHistogram drain() {
      ConfidenceHistogram drained = of(counts);
      Arrays.fill(counts, 0);
      return drained;
    }
  }
}
