package io.boostnet.jobs.dashboard;

import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.Prediction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What came in of late, second by second: pure counting, without a clock. A record belongs to the
 * second that it carries. Memory is bounded: seconds older than {@value #SECONDS} s before the
 * newest are forgotten. Not thread-safe.
 */
final class LiveSeries {

  /** Seconds that are kept. */
  static final int SECONDS = 600;

  private static final int CHANGES = 30;

  /** Moves of budget and thresholds below this show on no chart. */
  private static final double SMALL = 0.02;

  /** Seconds by which clocks may differ. */
  private static final long CLOCKS_APART = 60;

  /** Times of one second that percentiles are taken of; more are not kept. */
  private static final int WAITS = 4096;

  private final TreeMap<Long, Second> seconds = new TreeMap<>();
  private final Deque<Moves> moves = new ArrayDeque<>();
  private long newest;
  private long nowSeconds = Long.MAX_VALUE - CLOCKS_APART;
  private long deadLetters;
  private long predictions;
  private ControlEvent control;

  /** The newest event that is older than the seconds kept: in force where they begin. */
  private ControlEvent before;

  /** What came in within a second. */
  private static final class Second {
    private int offered;
    private int decided;
    private int forced;
    private int labelled;
    private int right;
    private double cost;
    private int[] exits = new int[0];
    private final int[] waitsMs = new int[WAITS];
    private int waits;
    private ControlEvent control;
  }

  /**
   * A second as the page shows it. Shares are 0..1; null where there is nothing.
   *
   * @param t the second, since the Unix epoch
   * @param offered frames put on the topic
   * @param decided frames decided
   * @param p50 median time from a frame's timestamp to its decision, in milliseconds
   * @param p99 99th percentile of it
   * @param cost mean cost of a frame, as a share of the full network's
   * @param budget mean cost aimed at
   * @param labelled frames decided whose true class is known
   * @param right those of them that were classified right
   * @param forced share of the frames that left by force
   * @param needed frames per second that the controller says are needed
   * @param backlogMs age of the oldest frame waiting, as the controller sees it, in milliseconds
   * @param utilization share of the time that the busiest thread was busy, by the controller
   * @param exits share of the frames at each exit
   * @param thresholds thresholds in force
   */
  record Point(
      long t,
      int offered,
      int decided,
      Integer p50,
      Integer p99,
      Double cost,
      Double budget,
      int labelled,
      int right,
      Double forced,
      Double needed,
      Long backlogMs,
      Double utilization,
      double[] exits,
      List<Double> thresholds) {}

  /**
   * Changes of the controller as the page shows them: one, or several in a row that hardly differ.
   *
   * @param ms when the latest was, since the Unix epoch
   * @param version the latest
   * @param reason of the latest
   * @param moves how many they are
   * @param budgetFrom the smallest budget of them; null where there is none
   * @param budgetTo the largest
   */
  record Change(
      long ms, long version, String reason, int moves, Double budgetFrom, Double budgetTo) {}

  /** Changes in a row that hardly differ from the first of them. */
  private static final class Moves {
    private final ControlEvent first;
    private ControlEvent latest;
    private int count = 1;
    private Double least;
    private Double most;

    Moves(ControlEvent event) {
      first = event;
      latest = event;
      least = event.getBudget();
      most = event.getBudget();
    }

    boolean isNear(ControlEvent event) {
      return isNear(first.getBudget(), event.getBudget())
          && first.getThresholds().size() == event.getThresholds().size()
          && IntStream.range(0, first.getThresholds().size())
              .allMatch(i -> isNear(first.getThresholds().get(i), event.getThresholds().get(i)));
    }

    private static boolean isNear(Double one, Double other) {
      return one == null || other == null
          ? one == other
          : Math.abs(Math.min(1, one) - Math.min(1, other)) <= SMALL; // all above 1 close an exit
    }

    void add(ControlEvent event) {
      latest = event;
      count++;
      if (least != null) {
        least = Math.min(least, event.getBudget());
        most = Math.max(most, event.getBudget());
      }
    }

    Change change() {
      return new Change(
          latest.getTimestampMs(), latest.getVersion(), latest.getReason(), count, least, most);
    }
  }

  /** Tells the time, on the reader's clock: what claims to be far ahead of it is not counted. */
  void now(long ms) {
    nowSeconds = Math.floorDiv(ms, 1000);
  }

  /** A frame was put on the topic. */
  void offered(long timestampMs) {
    Second second = second(timestampMs);
    if (second != null) {
      second.offered++;
    }
  }

  /** A frame was decided. */
  void predicted(Prediction prediction) {
    predictions++;
    Second second = second(prediction.getDecidedAtMs());
    if (second == null) {
      return;
    }
    if (second.exits.length < prediction.getExits()) {
      second.exits = Arrays.copyOf(second.exits, prediction.getExits());
    }
    second.decided++;
    second.exits[prediction.getExit() - 1]++;
    second.cost += prediction.getCost();
    second.forced += prediction.getForced() ? 1 : 0;
    if (prediction.getTrueLabel() != null) {
      second.labelled++;
      second.right += prediction.getTrueLabel() == prediction.getLabel() ? 1 : 0;
    }
    if (second.waits < WAITS) {
      long waited = prediction.getDecidedAtMs() - prediction.getTimestampMs();
      second.waitsMs[second.waits++] = (int) Math.max(0, Math.min(Integer.MAX_VALUE, waited));
    }
  }

  /** A frame could not be classified. */
  void dead() {
    deadLetters++;
  }

  /** The controller changed something. */
  void changed(ControlEvent event) {
    control = event;
    Moves latest = moves.peekFirst();
    if (latest != null && latest.isNear(event)) {
      latest.add(event);
    } else {
      moves.addFirst(new Moves(event));
    }
    if (moves.size() > CHANGES) {
      moves.removeLast();
    }
    Second second = second(event.getTimestampMs());
    if (second != null) {
      second.control = event;
    } else if (Math.floorDiv(event.getTimestampMs(), 1000) <= newest - SECONDS) {
      leave(event);
    }
  }

  /** Null for a time that is too old, or that only a wrong clock can have written. */
  private Second second(long ms) {
    long at = Math.floorDiv(ms, 1000);
    if (at <= newest - SECONDS || at > nowSeconds + CLOCKS_APART) {
      return null;
    }
    newest = Math.max(newest, at);
    var old = seconds.headMap(newest - SECONDS, true);
    old.values().forEach(second -> leave(second.control));
    old.clear();
    return seconds.computeIfAbsent(at, t -> new Second());
  }

  private void leave(ControlEvent event) {
    if (event != null && (before == null || event.getTimestampMs() >= before.getTimestampMs())) {
      before = event;
    }
  }

  /** The newest event; null before the first. */
  ControlEvent control() {
    return control;
  }

  /** Dead letters seen. */
  long deadLetters() {
    return deadLetters;
  }

  /** Predictions seen. */
  long predictions() {
    return predictions;
  }

  /** The latest changes, newest first; those in a row that hardly differ are one. */
  List<Change> changes() {
    return moves.stream().map(Moves::change).toList();
  }

  /**
   * The seconds after one, oldest first.
   *
   * @param after a second, since the Unix epoch
   */
  List<Point> after(long after) {
    List<Point> points = new ArrayList<>();
    ControlEvent inForce = before;
    for (var entry : seconds.entrySet()) {
      Second second = entry.getValue();
      inForce = second.control == null ? inForce : second.control;
      if (entry.getKey() > after) {
        points.add(point(entry.getKey(), second, inForce));
      }
    }
    return points;
  }

  private static Point point(long t, Second second, ControlEvent inForce) {
    double decided = second.decided;
    boolean any = second.decided > 0;
    int[] waits = Arrays.copyOf(second.waitsMs, second.waits);
    Arrays.sort(waits);
    return new Point(
        t,
        second.offered,
        second.decided,
        any ? waits[waits.length / 2] : null,
        any ? waits[(int) Math.ceil(0.99 * waits.length) - 1] : null,
        any ? second.cost / decided : null,
        inForce == null ? null : inForce.getBudget(),
        second.labelled,
        second.right,
        any ? second.forced / decided : null,
        measured(second, ControlEvent::getNeededRate),
        measured(second, ControlEvent::getBacklogAgeMs),
        measured(second, ControlEvent::getUtilization),
        Arrays.stream(second.exits).mapToDouble(count -> any ? count / decided : 0).toArray(),
        inForce == null ? List.of() : inForce.getThresholds());
  }

  private static <T> T measured(Second second, Function<ControlEvent, T> figure) {
    return second.control == null ? null : figure.apply(second.control);
  }

  /** How many seconds are kept at present. */
  Collection<Long> kept() {
    return List.copyOf(seconds.keySet());
  }
}
