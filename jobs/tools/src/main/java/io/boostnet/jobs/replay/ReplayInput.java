package io.boostnet.jobs.replay;

import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.model.StageCost;

/**
 * The evidence of a replay.
 *
 * @param name what it is evidence of
 * @param cost cumulative cost of the exits
 * @param calibration images that thresholds are solved on
 * @param test images that they are judged on
 * @param judgedOn where those come from, for a reader
 * @param corrupted the test images, or others, recorded on corrupted frames; null where not given
 */
record ReplayInput(
    String name,
    StageCost cost,
    Evidence calibration,
    Evidence test,
    String judgedOn,
    Evidence corrupted) {

  /**
   * Checks that all have the same exits.
   *
   * @throws IllegalArgumentException where they do not
   */
  ReplayInput {
    requireExits("calibration evidence", calibration, cost);
    requireExits("test evidence", test, cost);
    if (corrupted != null) {
      requireExits("drift evidence", corrupted, cost);
    }
  }

  private static void requireExits(String name, Evidence evidence, StageCost cost) {
    if (evidence.exits() != cost.exits()) {
      throw new IllegalArgumentException(
          "the %s has %d exits and the cost %d; as many are needed"
              .formatted(name, evidence.exits(), cost.exits()));
    }
  }
}
