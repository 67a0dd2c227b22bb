package io.boostnet.jobs.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import me.tongfei.progressbar.ProgressBar;

/**
 * Contenders that took turns, round after round, in the opposite order in every second round, so
 * that whatever else the machine did met all of them.
 */
final class Rounds {

  private final Map<String, List<Measurement>> measured = new LinkedHashMap<>();

  private Rounds() {}

  /**
   * Runs contenders.
   *
   * @param images images of a run, after its warm-up
   * @param rounds rounds that count; one more is run before them
   * @param bar one step per run
   */
  static Rounds run(List<Contender> contenders, int rounds, long images, ProgressBar bar)
      throws Exception {
    Rounds result = new Rounds();
    contenders.forEach(contender -> result.measured.put(contender.name(), new ArrayList<>()));
    for (Contender contender : contenders) {
      bar.setExtraMessage("warm-up: " + contender.name());
      contender.run(images); // the first run is the compiler's
      bar.step();
    }
    List<Contender> order = new ArrayList<>(contenders);
    for (int round = 0; round < rounds; round++) {
      for (Contender contender : order) {
        bar.setExtraMessage(contender.name());
        result.measured.get(contender.name()).add(contender.run(images));
        bar.step();
      }
      Collections.reverse(order);
    }
    return result;
  }

  /** Steps of the progress bar that so many contenders take. */
  static int steps(int contenders, int rounds) {
    return contenders * (rounds + 1);
  }

  /** Names of the contenders, in their order. */
  List<String> names() {
    return List.copyOf(measured.keySet());
  }

  /** The median of a figure over the rounds. */
  double median(String name, ToDoubleFunction<Measurement> figure) {
    return median(measured.get(name).stream().mapToDouble(figure).toArray());
  }

  /** The median over the rounds of the ratio of a figure to another contender's in that round. */
  double ratio(String name, String to, ToDoubleFunction<Measurement> figure) {
    double[] ratios = new double[measured.get(name).size()];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] =
          figure.applyAsDouble(measured.get(name).get(round))
              / figure.applyAsDouble(measured.get(to).get(round));
    }
    return median(ratios);
  }

  static double median(double[] values) {
    return quantile(0.5, values);
  }

  /** The value that a share of the values, 0..1, lies below, between two of them in proportion. */
  static double quantile(double share, double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
