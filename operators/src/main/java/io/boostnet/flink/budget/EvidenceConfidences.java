package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import java.io.Serializable;

/**
 * Which confidences the images of evidence have where thresholds let them come: deep exits see the
 * hard images only, and the fewer the more of them. Immutable.
 */
final class EvidenceConfidences implements Serializable {

  private static final long serialVersionUID = 1;

  private final Evidence evidence;
  private final short[][] bins;

  EvidenceConfidences(Evidence evidence) {
    this.evidence = evidence;
    bins = new short[evidence.exits() - 1][evidence.images()];
    for (int i = 0; i < bins.length; i++) {
      for (int image = 0; image < bins[i].length; image++) {
        bins[i][image] = (short) ConfidenceHistogram.bin(evidence.confidence(i + 1, image));
      }
    }
  }

  /** Images per exit, the last left out, and bin of their confidence. */
  double[][] reaching(Thresholds thresholds) {
    double[][] counts = new double[bins.length][ConfidenceHistogram.BINS];
    for (int image = 0; image < evidence.images(); image++) {
      for (int i = 0; i < bins.length; i++) {
        counts[i][bins[i][image]]++;
        if (thresholds.leaves(i + 1, evidence.confidence(i + 1, image))) {
          break;
        }
      }
    }
    return counts;
  }
}
