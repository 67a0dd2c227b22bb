package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Evidence sorted by confidence at each exit. A threshold at an exit is the same as a <em>cut</em>:
 * how many of all images are confident enough to leave there. Cuts can be compared and interpolated
 * between exits whose confidences are spread very differently.
 *
 * <p>Exits count from 0 here, as the arrays do.
 */
final class RankedEvidence implements Serializable {

  private static final long serialVersionUID = 1;

  /** A threshold that no confidence reaches. */
  static final double CLOSED = 2;

  final int exits;
  final int images;

  /** Images in falling order of confidence, per exit. */
  final int[][] order;

  /** Confidences in falling order, per exit. */
  final float[][] sorted;

  RankedEvidence(Evidence evidence) {
    exits = evidence.exits();
    images = evidence.images();
    order = new int[exits][images];
    sorted = new float[exits][images];
    long[] keys = new long[images];
    for (int exit = 0; exit < exits; exit++) {
      for (int image = 0; image < images; image++) {
        // Confidences are not negative, so their bits sort as they do.
        long bits = Float.floatToIntBits(evidence.confidence(exit + 1, image));
        keys[image] = (bits << Integer.SIZE) | (images - 1 - image);
      }
      Arrays.sort(keys);
      for (int rank = 0; rank < images; rank++) {
        int image = images - 1 - (int) keys[images - 1 - rank];
        order[exit][rank] = image;
        sorted[exit][rank] = evidence.confidence(exit + 1, image);
      }
    }
  }

  /** Whether images with the same confidence lie on both sides of a cut. */
  boolean splitsEquals(int exit, int cut) {
    return cut > 0 && cut < images && sorted[exit][cut - 1] == sorted[exit][cut];
  }

  /** The threshold of a cut: half-way between the last confidence that leaves and the next. */
  double threshold(int exit, int cut) {
    if (exit == exits - 1 || cut >= images) {
      return 0;
    }
    return cut <= 0 ? CLOSED : (sorted[exit][cut - 1] + (double) sorted[exit][cut]) / 2;
  }

  /** The thresholds of cuts, one for each exit but the last. */
  Thresholds thresholds(int[] cuts) {
    double[] values = new double[exits];
    for (int exit = 0; exit < exits - 1; exit++) {
      values[exit] = threshold(exit, cuts[exit]);
    }
    return Thresholds.of(0, values);
  }

  /** The cuts of thresholds. */
  int[] cuts(Thresholds thresholds) {
    int[] cuts = new int[exits - 1];
    for (int exit = 0; exit < cuts.length; exit++) {
      int low = 0;
      int high = images;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (thresholds.leaves(exit + 1, sorted[exit][middle])) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      cuts[exit] = low;
    }
    return cuts;
  }
}
