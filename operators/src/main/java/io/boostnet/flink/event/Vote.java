package io.boostnet.flink.event;

import java.util.Comparator;
import org.apache.flink.annotation.Internal;

/**
 * What one frame says of its source.
 *
 * @param timestampMs event time of the frame, in milliseconds since the Unix epoch
 * @param sequence its position in the source
 * @param label index of its class
 * @param labelName name of that class
 * @param confidence how sure that is, 0..1
 */
@Internal
public record Vote(long timestampMs, long sequence, int label, String labelName, float confidence) {

  static final Comparator<Vote> IN_ORDER =
      Comparator.comparingLong(Vote::timestampMs).thenComparingLong(Vote::sequence);

  /** A confidence of 1 is as much evidence as one in a thousand to be wrong. */
  private static final double SUREST = 0.999;

  /** Log of the odds that the class is right, in nats; below 0 where it is rather another. */
  double logOdds() {
    double sure = Math.max(1 - SUREST, Math.min(SUREST, confidence));
    return Math.log(sure / (1 - sure));
  }
}
