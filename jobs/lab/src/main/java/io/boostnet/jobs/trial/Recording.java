package io.boostnet.jobs.trial;

import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.Prediction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What came out of a trial. Times are in seconds since the first frame was due. Not thread-safe
 * while it is filled.
 */
final class Recording {

  /**
   * One frame.
   *
   * @param due when it was published, or should have been
   * @param decided when its exit was decided
   * @param subtask the deciding subtask
   * @param source what the frame comes from
   * @param order position among the frames of its source
   * @param exit the exit taken
   * @param cost share of the full network's cost
   * @param right whether the class is the true one
   * @param forced whether it left by force
   */
  record Decided(
      double due,
      double decided,
      int subtask,
      String source,
      long order,
      int exit,
      double cost,
      boolean right,
      boolean forced) {

    double waited() {
      return decided - due;
    }
  }

  private final List<Prediction> predictions = new ArrayList<>();
  private final List<ControlEvent> events = new ArrayList<>();
  private List<Decided> decided;
  private long startMs;

  void add(Prediction prediction) {
    predictions.add(prediction);
  }

  void add(ControlEvent event) {
    events.add(event);
  }

  /** All predictions, as they were read. */
  List<Prediction> predictions() {
    return predictions;
  }

  /** All frames in the order they were due. */
  List<Decided> frames() {
    if (decided == null) {
      startMs = predictions.stream().mapToLong(Prediction::getTimestampMs).min().orElse(0);
      decided =
          predictions.stream()
              .map(
                  p ->
                      new Decided(
                          (p.getTimestampMs() - startMs) / 1e3,
                          (p.getDecidedAtMs() - startMs) / 1e3,
                          p.getSubtask(),
                          p.getSourceId(),
                          p.getSequence(),
                          p.getExit(),
                          p.getCost(),
                          p.getTrueLabel() != null && p.getTrueLabel() == p.getLabel(),
                          p.getForced()))
              .sorted(Comparator.comparingDouble(Decided::due).thenComparing(Decided::order))
              .toList();
    }
    return decided;
  }

  /** When the first frame was due, in milliseconds since the Unix epoch. */
  long startMs() {
    frames();
    return startMs;
  }

  /** Control events with their times, in order. */
  List<Map.Entry<Double, ControlEvent>> events() {
    frames();
    return events.stream()
        .map(event -> Map.entry((event.getTimestampMs() - startMs) / 1e3, event))
        .sorted(Map.Entry.comparingByKey())
        .toList();
  }

  /** Frames due between two times. */
  List<Decided> due(double from, double until) {
    return frames().stream().filter(f -> f.due() >= from && f.due() < until).toList();
  }

  static double mean(List<Decided> frames, ToDoubleFunction<Decided> value) {
    return frames.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  static double meanCost(List<Decided> frames) {
    return mean(frames, Decided::cost);
  }

  static double accuracy(List<Decided> frames) {
    return mean(frames, f -> f.right() ? 1 : 0);
  }

  static double forcedShare(List<Decided> frames) {
    return mean(frames, f -> f.forced() ? 1 : 0);
  }

  /**
   * Time from due to decided that a share of the frames does not exceed, in seconds.
   *
   * @param share 0..1
   */
  static double waited(List<Decided> frames, double share) {
    double[] sorted = frames.stream().mapToDouble(Decided::waited).sorted().toArray();
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  /**
   * Dearest mean cost of any run of consecutive frames, in the order in which they were decided.
   *
   * @param length frames of a run
   */
  double dearestRun(int length) {
    List<Decided> frames =
        frames().stream().sorted(Comparator.comparingDouble(Decided::decided)).toList();
    double dearest = 0;
    double sum = 0;
    for (int i = 0; i < frames.size(); i++) {
      sum += frames.get(i).cost() - (i >= length ? frames.get(i - length).cost() : 0);
      dearest = i >= length - 1 ? Math.max(dearest, sum / length) : dearest;
    }
    return dearest;
  }
}
