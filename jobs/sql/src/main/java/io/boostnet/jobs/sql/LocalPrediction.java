package io.boostnet.jobs.sql;

import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.model.ClassProbability;
import java.util.List;

/**
 * What a model says of an image, or why it says nothing.
 *
 * @param said class and confidence at the exit taken; null where there is an error
 * @param exit the exit taken, 1 .. K; 0 where there is an error
 * @param cost compute spent, as a share of the full network's; 0 where there is an error
 * @param forced left because of a quota, with a confidence below the threshold
 * @param topK the most probable classes, most probable first; empty where only one is asked for
 * @param error the reason as a word and one sentence, without anything of the image; null for none
 */
record LocalPrediction(
    Confidence said,
    int exit,
    double cost,
    boolean forced,
    List<ClassProbability> topK,
    String error) {

  /** An image of which nothing can be said. */
  static LocalPrediction failed(String error) {
    return new LocalPrediction(null, 0, 0, false, List.of(), error);
  }
}
