package io.boostnet.flink.track;

import io.boostnet.flink.model.ClassProbability;
import io.boostnet.flink.model.Decision;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * A track in a checkpoint, where none of its frames is in flight.
 *
 * @param key what names it
 * @param seenMs processing time of its newest frame, in milliseconds since the Unix epoch
 * @param evidence of {@link TrackFilter}; empty where there is none
 * @param sure whether the last decision left it sure
 * @param inherited frames that inherited since one was run
 * @param blocks {@link BlockMeans} of the frame that was run last; empty where there are none
 * @param ranMs timestamp of that frame
 * @param held its last decision
 */
@Internal
public record TrackState(
    String key,
    long seenMs,
    float[] evidence,
    boolean sure,
    int inherited,
    float[] blocks,
    long ranMs,
    Held held) {

  /**
   * The decision that frames inherit.
   *
   * @param label index of the class
   * @param topK the most probable classes
   * @param confidence of that class, 0..1
   * @param exit the exit taken
   * @param thresholdsVersion version of the thresholds that decided
   */
  public record Held(
      int label, List<ClassProbability> topK, float confidence, int exit, long thresholdsVersion) {

    /** What is inherited of a decision. */
    public static Held of(Decision decision) {
      return new Held(
          decision.label(),
          decision.topK(),
          decision.confidence(),
          decision.exit(),
          decision.thresholdsVersion());
    }
  }
}
