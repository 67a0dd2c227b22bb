package io.boostnet.flink.exit;

import io.boostnet.flink.model.ClassProbability;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.annotation.Internal;

/** The most probable classes of an image, by the softmax of the ensemble logits of its exit. */
@Internal
public final class TopClasses {

  private TopClasses() {}

  /**
   * Reads one row of logits, all finite.
   *
   * @param logits logits of a batch, row after row, from index 0; position and limit are not used
   * @param row the row, from 0
   * @param classes classes, the length of a row
   * @param k how many, at least 1; all classes where there are fewer
   * @return most probable first; of equals the lower index first
   */
  public static List<ClassProbability> of(FloatBuffer logits, int row, int classes, int k) {
    int[] top = new int[Math.min(k, classes)];
    int found = 0;
    int from = row * classes;
    for (int label = 0; label < classes; label++) {
      int at = found;
      while (at > 0 && logits.get(from + label) > logits.get(from + top[at - 1])) {
        at--;
      }
      if (at < top.length) {
        found = Math.min(found + 1, top.length);
        System.arraycopy(top, at, top, at + 1, found - 1 - at);
        top[at] = label;
      }
    }
    float max = logits.get(from + top[0]);
    double sum = 0;
    for (int label = 0; label < classes; label++) {
      sum += Math.exp(logits.get(from + label) - max);
    }
    double total = sum;
    return new ArrayList<>(
        Arrays.stream(top)
            .mapToObj(
                label ->
                    new ClassProbability(
                        label, (float) (Math.exp(logits.get(from + label) - max) / total)))
            .toList());
  }
}
