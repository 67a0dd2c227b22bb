package io.boostnet.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * From one picture on a source truly shows a class.
 *
 * @param label the class
 * @param from the first picture that shows it, from 0
 * @param until the first that no longer does
 */
public record TrueChange(int label, long from, long until) {

  /**
   * The changes of a source, its first class among them.
   *
   * @param shown the class of each picture, in their order
   */
  public static List<TrueChange> of(List<Integer> shown) {
    List<TrueChange> changes = new ArrayList<>();
    int from = 0;
    for (int at = 1; at <= shown.size(); at++) {
      if (at == shown.size() || !shown.get(at).equals(shown.get(from))) {
        changes.add(new TrueChange(shown.get(from), from, at));
        from = at;
      }
    }
    return changes;
  }
}
