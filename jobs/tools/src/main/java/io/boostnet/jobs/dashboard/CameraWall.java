package io.boostnet.jobs.dashboard;

import io.boostnet.jobs.format.ZonePlace;
import io.boostnet.schema.Event;
import io.boostnet.schema.Prediction;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What every source shows last, and the latest events: pure counting, without a clock. The {@value
 * #SOURCES} sources that were heard of last are kept. Not thread-safe.
 */
final class CameraWall {

  static final int SOURCES = 48;

  static final int EVENTS = 30;

  /** Decisions that a rate is taken of, and how old they may be, in milliseconds. */
  private static final int RATED = 100;

  private static final long RATED_MS = 10_000;

  /** Weight of a new frame in a source's mean cost. */
  private static final double NEWEST = 0.1;

  private final Map<String, Source> sources = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, ZonePlace> places = new LinkedHashMap<>(16, 0.75f, true);
  private final Deque<Told> events = new ArrayDeque<>();
  private long version;

  private static final class Source {
    private final Deque<Long> decided = new ArrayDeque<>();
    private Prediction latest;
    private String image;
    private double cost;
  }

  /**
   * A source as the page shows it.
   *
   * @param source its name: a camera, or a camera, a slash and a zone
   * @param image of the latest frame that is at hand, as a data URI; null for none yet
   * @param label name of the class
   * @param confidence of the prediction, 0..1
   * @param exit the exit taken, from 1
   * @param inherited whether the decision is that of an earlier frame
   * @param cost mean of the last frames, as a share of the full network's
   * @param rate frames decided a second of late; null before there are two
   * @param ms event time of the latest frame, since the Unix epoch
   * @param place where it lies in the camera's picture, in pixels; null for a whole picture, or
   *     where its frames do not say
   */
  record Shown(
      String source,
      String image,
      String label,
      float confidence,
      int exit,
      boolean inherited,
      double cost,
      Double rate,
      long ms,
      ZonePlace place) {}

  /**
   * An event as the page shows it.
   *
   * @param ms when it began, since the Unix epoch
   * @param kind in small letters
   * @param from name of the class before; null for none
   * @param to name of the class from then on; null for none
   */
  record Told(long ms, String source, String kind, String from, String to) {}

  /** A frame of a source said where it lies. */
  void placed(String source, ZonePlace place) {
    places.put(source, place);
    if (places.size() > SOURCES) {
      places.remove(places.keySet().iterator().next());
    }
  }

  /**
   * A frame was decided.
   *
   * @param image a data URI of it; null where it is not at hand
   */
  void predicted(Prediction prediction, String image) {
    Source source = sources.computeIfAbsent(prediction.getSourceId(), name -> new Source());
    if (source.latest != null && prediction.getTimestampMs() < source.latest.getTimestampMs()) {
      return;
    }
    source.cost =
        source.latest == null
            ? prediction.getCost()
            : source.cost + NEWEST * (prediction.getCost() - source.cost);
    source.latest = prediction;
    source.image = image == null ? source.image : image;
    long now = prediction.getDecidedAtMs();
    source.decided.addLast(now);
    while (source.decided.size() > RATED || source.decided.getFirst() < now - RATED_MS) {
      source.decided.removeFirst();
    }
    if (sources.size() > SOURCES) {
      sources.remove(sources.keySet().iterator().next());
    }
    version++;
  }

  /** What a source shows is another, or it is gone or back. */
  void event(Event event) {
    events.addFirst(
        new Told(
            event.getBeganMs(),
            event.getSourceId(),
            event.getKind().name().toLowerCase(Locale.ROOT),
            event.getFromLabelName(),
            event.getToLabelName()));
    if (events.size() > EVENTS) {
      events.removeLast();
    }
    version++;
  }

  /** Grows with every change. */
  long version() {
    return version;
  }

  /** All sources, by name. */
  List<Shown> sources() {
    return sources.entrySet().stream()
        .map(source -> shown(source.getKey(), source.getValue()))
        .sorted(Comparator.comparing(Shown::source))
        .toList();
  }

  private Shown shown(String name, Source source) {
    Prediction latest = source.latest;
    return new Shown(
        name,
        source.image,
        latest.getLabelName(),
        latest.getConfidence(),
        latest.getExit(),
        latest.getInherited(),
        source.cost,
        rate(source.decided),
        latest.getTimestampMs(),
        places.get(name));
  }

  private static Double rate(Deque<Long> decided) {
    long span = decided.getLast() - decided.getFirst();
    return span <= 0 ? null : 1e3 * (decided.size() - 1) / span;
  }

  /** The latest events, newest first. */
  List<Told> events() {
    return List.copyOf(events);
  }
}
