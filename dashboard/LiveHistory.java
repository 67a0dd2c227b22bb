package io.boostnet.jobs.dashboard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The last minutes, for pages that are opened now and for pages that have seen part of it. Bounded:
 * so many seconds, control events, and frames of each exit. Thread-safe.
 */
final class LiveHistory {

  /** Control events that are kept. */
  static final int EVENTS = 50;

  /** Frames of each exit that are kept. */
  static final int FRAMES = 16;

  /** Exits whose frames are kept. */
  private static final int EXITS = 64;

  /** What was the when-th thing to arrive. */
  private record Marked<T>(long mark, T value) {}

  /**
   * What is newer than a mark.
   *
   * @param mark the mark of the newest
   * @param problem why nothing can be read at the moment, one sentence; null where it can
   * @param bundle name and version of the bundle of the last prediction; null before the first
   * @param seconds oldest first
   * @param events oldest first
   * @param frames oldest first within an exit
   */
  record Update(
      long mark,
      String problem,
      String bundle,
      List<LiveSecond> seconds,
      List<ControlView> events,
      List<SeenFrame> frames) {}

  private final Deque<Marked<LiveSecond>> seconds = new ArrayDeque<>();
  private final Deque<Marked<ControlView>> events = new ArrayDeque<>();
  private final Map<Integer, Deque<Marked<SeenFrame>>> frames = new TreeMap<>();
  private String problem;
  private String bundle;
  private long mark;

  synchronized void add(LiveSecond second) {
    add(seconds, second, LiveSeconds.KEPT);
  }

  synchronized void add(ControlView event) {
    add(events, event, EVENTS);
  }

  /** Takes a frame, at most one of each exit for a second of decisions: a person can follow that. */
  synchronized void add(SeenFrame frame) {
    if (frames.size() == EXITS && !frames.containsKey(frame.exit())) {
      return;
    }
    Deque<Marked<SeenFrame>> strip =
        frames.computeIfAbsent(frame.exit(), exit -> new ArrayDeque<>());
    if (strip.isEmpty() || second(strip.getLast().value()) != second(frame)) {
      add(strip, frame, FRAMES);
    }
  }

  private static long second(SeenFrame frame) {
    return Math.floorDiv(frame.decidedAtMs(), 1000);
  }

  private <T> void add(Deque<Marked<T>> to, T value, int most) {
    to.addLast(new Marked<>(++mark, value));
    if (to.size() > most) {
      to.removeFirst();
    }
  }

  /** Says why nothing can be read; null where it can. */
  synchronized void problem(String sentence) {
    problem = sentence;
  }

  synchronized void bundle(String nameAndVersion) {
    bundle = nameAndVersion;
  }

  /**
   * What arrived after a mark.
   *
   * @param since the mark of an earlier update, 0 for all there is
   */
  synchronized Update since(long since) {
    List<SeenFrame> pictures = new ArrayList<>();
    frames.values().forEach(strip -> pictures.addAll(since(strip, since)));
    return new Update(
        mark, problem, bundle, since(seconds, since), since(events, since), pictures);
  }

  private static <T> List<T> since(Deque<Marked<T>> all, long since) {
    return all.stream().filter(item -> item.mark() > since).map(Marked::value).toList();
  }
}
