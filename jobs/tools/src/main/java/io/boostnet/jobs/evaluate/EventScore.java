package io.boostnet.jobs.evaluate;

import io.boostnet.flink.event.Change;
import io.boostnet.flink.event.EventRules;
import io.boostnet.flink.event.SourceClass;
import io.boostnet.flink.event.Vote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Events against the truth of one source or several. An event is right where it names the class
 * that is shown when it is confirmed, or was until {@value #GRACE} pictures before, and no earlier
 * event of the source told of it. Pure counting; not thread-safe.
 */
public final class EventScore {

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
  public record Told(int label, long confirmed) {}

  /**
   * What is said of a picture.
   *
   * @param picture its number in the source, from 0
   * @param confidence of the class, 0..1
   */
  public record Judged(long picture, int label, float confidence) {}

  /** The events that a source makes, as the job would make them. */
  public static List<Told> told(List<Judged> pictures, EventRules rules) {
    SourceClass known = SourceClass.unseen();
    List<Told> told = new ArrayList<>();
    for (Judged judged : pictures) {
      long at = judged.picture();
      SourceClass.Step step =
          known.step(new Vote(at, at, judged.label(), "", judged.confidence()), rules);
      known = step.next();
      Change change = step.change();
      if (change != null) {
        told.add(new Told(change.to().label(), change.to().sequence()));
      }
    }
    return told;
  }

  /** Counts a source. */
  public void add(List<TrueChange> truth, List<Told> told) {
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
  public int changes() {
    return changes;
  }

  /** Events that there were. */
  public int events() {
    return events;
  }

  /** Events that are right; each tells of another change. */
  public int right() {
    return delays.size();
  }

  /** Right events, of all events; 0 where there is none. */
  public double precision() {
    return events == 0 ? 0 : (double) right() / events;
  }

  /** Changes that were told, of all; 0 where there is none. */
  public double recall() {
    return changes == 0 ? 0 : (double) right() / changes;
  }

  /**
   * Pictures from a change to its event that a share of the right events does not exceed, the
   * nearest rank; 0 where none is right.
   *
   * @param share above 0, up to 1
   */
  public long delay(double share) {
    long[] sorted = delays.stream().mapToLong(delay -> delay).toArray();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
