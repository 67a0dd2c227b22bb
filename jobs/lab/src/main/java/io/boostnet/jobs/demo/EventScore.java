package io.boostnet.jobs.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Events against the truth of one source or several. An event is right where it names the class
 * that is shown when it is confirmed, or was until {@value #GRACE} pictures before, and no earlier
 * event of the source told of it. Pure counting; not thread-safe.
 */
final class EventScore {

  /** Pictures by which an event may come after the end of what it tells. */
  static final int GRACE = 5;

  private final List<Long> delays = new ArrayList<>();
  private int changes;
  private int events;

  /**
   * An event.
   *
   * @param label the class from now on
   * @param confirmed the picture that confirmed it, from 0
   */
  record Told(int label, long confirmed) {}

  /** Counts a source. */
  void add(List<TrueChange> truth, List<Told> told) {
    changes += truth.size();
    events += told.size();
    boolean[] found = new boolean[truth.size()];
    for (Told event : told) {
      for (int i = 0; i < found.length; i++) {
        TrueChange change = truth.get(i);
        if (!found[i]
            && change.label() == event.label()
            && event.confirmed() >= change.from()
            && event.confirmed() < change.until() + GRACE) {
          found[i] = true;
          delays.add(event.confirmed() - change.from());
          break;
        }
      }
    }
  }

  /** Changes that there were. */
  int changes() {
    return changes;
  }

  /** Events that there were. */
  int events() {
    return events;
  }

  /** Events that are right; each tells of another change. */
  int right() {
    return delays.size();
  }

  /** Right events, of all events. */
  double precision() {
    return events == 0 ? 0 : (double) right() / events;
  }

  /** Changes that were told, of all. */
  double recall() {
    return changes == 0 ? 0 : (double) right() / changes;
  }

  /** Pictures from a change to its event that a share of the right events does not exceed. */
  long delay(double share) {
    long[] sorted = delays.stream().mapToLong(delay -> delay).toArray();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
