package io.boostnet.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a soak came to.
 *
 * @param machine what it ran on
 * @param minutes how long it ran
 * @param warmUpMinutes how much of that is not judged
 * @param framesPerSecond load
 * @param points what was seen, in the order of time
 * @param verdicts what was judged
 */
record SoakReport(
    Map<String, String> machine,
    double minutes,
    double warmUpMinutes,
    double framesPerSecond,
    List<Point> points,
    List<Verdict> verdicts) {

  private static final double MEGABYTES_PER_MINUTE = 1;
  private static final double LEAST_THROUGHPUT = 0.95;
  private static final double MOST_MORE = 0.02;

  /**
   * What was seen at a moment.
   *
   * @param minute time since the start
   * @param outcomesPerSecond predictions and dead letters per second since the point before
   * @param held what the job's process held
   */
  record Point(double minute, double outcomesPerSecond, SoakSample held) {}

  /**
   * A figure and its limit.
   *
   * @param figure what it is
   * @param found its value
   * @param limit what it may be at most, or must be at least
   * @param passed whether it is
   */
  record Verdict(String figure, double found, double limit, boolean passed) {}

  /** Judges the points after the warm-up. */
  static List<Verdict> judge(List<Point> points, double warmUpMinutes, double framesPerSecond) {
    List<Point> judged = points.stream().filter(point -> point.minute() >= warmUpMinutes).toList();
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.add(
        growth("resident memory, MB per minute", judged, p -> p.held().residentMegabytes()));
    verdicts.add(growth("live heap, MB per minute", judged, p -> p.held().heapMegabytes()));
    verdicts.add(growth("metaspace, MB per minute", judged, p -> p.held().metaspaceMegabytes()));
    verdicts.add(growth("direct memory, MB per minute", judged, p -> p.held().directMegabytes()));
    verdicts.add(flat("tensors of ONNX Runtime, growth", judged, p -> p.held().onnxTensors()));
    verdicts.add(flat("sessions of ONNX Runtime, growth", judged, p -> p.held().sessions()));
    verdicts.add(flat("threads, growth", judged, p -> p.held().threads()));
    verdicts.add(flat("open files, growth", judged, p -> p.held().files()));
    double rate = judged.stream().mapToDouble(Point::outcomesPerSecond).average().orElse(0);
    double least = LEAST_THROUGHPUT * framesPerSecond;
    verdicts.add(new Verdict("outcomes per second, at least", rate, least, rate >= least));
    return verdicts;
  }

  boolean passed() {
    return verdicts.stream().allMatch(Verdict::passed);
  }

  private static Verdict growth(String name, List<Point> points, ToDoubleFunction<Point> figure) {
    double slope = slope(points, figure);
    return new Verdict(name, slope, MEGABYTES_PER_MINUTE, slope < MEGABYTES_PER_MINUTE);
  }

  /** The growth along the fitted line from the first point to the last, in units. */
  private static Verdict flat(String name, List<Point> points, ToDoubleFunction<Point> figure) {
    double minutes = points.get(points.size() - 1).minute() - points.get(0).minute();
    double growth = slope(points, figure) * minutes;
    double limit = Math.max(1, MOST_MORE * figure.applyAsDouble(points.get(0)));
    return new Verdict(name, growth, limit, growth < limit);
  }

  /** Least-squares slope per minute. */
  static double slope(List<Point> points, ToDoubleFunction<Point> figure) {
    double meanTime = points.stream().mapToDouble(Point::minute).average().orElseThrow();
    double mean = points.stream().mapToDouble(figure).average().orElseThrow();
    double products = 0;
    double squares = 0;
    for (Point point : points) {
      double time = point.minute() - meanTime;
      products += time * (figure.applyAsDouble(point) - mean);
      squares += time * time;
    }
    return products / squares;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (Verdict verdict : verdicts) {
      text.append(
          "%-6s  %-36s %10.3f   limit %8.3f%n"
              .formatted(
                  verdict.passed() ? "passed" : "FAILED",
                  verdict.figure(),
                  verdict.found(),
                  verdict.limit()));
    }
    return text.toString();
  }
}
