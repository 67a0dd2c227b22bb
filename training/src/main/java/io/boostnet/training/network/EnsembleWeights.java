package io.boostnet.training.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How much of the ensemble before an exit counts there: {@code F_k = f_k + w_k * F_{k-1}}, with
 * {@code F_1 = f_1}. The same weights hold in training and in the exported stages. All weights 0
 * are a network whose exits do not add up (joint training).
 *
 * @param values w_1 ... w_K; w_1 is never used
 */
public record EnsembleWeights(List<Double> values) {

  public EnsembleWeights {
    values = List.copyOf(values);
    for (double value : values) {
      if (!Double.isFinite(value) || value < 0) {
        throw new IllegalArgumentException(
            "an ensemble weight is " + value + "; it must be a number of 0 or more");
      }
    }
  }

  /** No ensemble: every exit answers for itself. */
  public static EnsembleWeights none(int exits) {
    return evenly(0, 0, exits);
  }

  /**
   * Reads the official spelling of {@code --ensemble_reweight}.
   *
   * @param text one number for all exits, two for the first and the last with the others evenly
   *     between, or one per exit, with commas
   * @param exits number of exits
   */
  public static EnsembleWeights parse(String text, int exits) {
    double[] numbers;
    try {
      numbers =
          Arrays.stream(text.split(","))
              .map(String::trim)
              .mapToDouble(Double::parseDouble)
              .toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "ensemble_reweight is \"" + text + "\"; it must be numbers with commas between", e);
    }
    if (numbers.length == exits) {
      return new EnsembleWeights(Arrays.stream(numbers).boxed().toList());
    }
    if (numbers.length == 0 || numbers.length > 2) {
      throw new IllegalArgumentException(
          "ensemble_reweight has %d numbers; give 1, 2 (first and last), or one for each of the %d exits"
              .formatted(numbers.length, exits));
    }
    return evenly(numbers[0], numbers[numbers.length - 1], exits);
  }

  private static EnsembleWeights evenly(double first, double last, int exits) {
    List<Double> values = new ArrayList<>();
    for (int k = 0; k < exits; k++) {
      values.add(exits == 1 ? first : first + (last - first) * k / (exits - 1));
    }
    return new EnsembleWeights(values);
  }

  /** Weight w_k of exit {@code k}, from 0. */
  public double at(int k) {
    return values.get(k);
  }

  /** Number of exits. */
  public int exits() {
    return values.size();
  }

  @Override
  public String toString() {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
