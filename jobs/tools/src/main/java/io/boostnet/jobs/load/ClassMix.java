package io.boostnet.jobs.load;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How often classes come, in relation to each other. Immutable.
 *
 * @param weights weight of a class by its index, at least 0
 * @param others weight of every other class, and of what has no label, at least 0
 */
public record ClassMix(Map<Integer, Double> weights, double others) {

  private static final String OTHERS = "*";

  /**
   * Checks the weights.
   *
   * @throws IllegalArgumentException where one is below 0 or none above
   */
  public ClassMix {
    weights = Map.copyOf(weights);
    boolean bad = !(others >= 0) || weights.values().stream().anyMatch(weight -> !(weight >= 0));
    if (bad || largest(weights, others) == 0) {
      throw new IllegalArgumentException(
          "class weights are "
              + new TreeMap<>(weights)
              + " and "
              + others
              + " for others; each must be at least 0 and one above");
    }
  }

  /** These classes as they come, and no others. */
  public static ClassMix only(Set<Integer> classes) {
    return new ClassMix(
        classes.stream().collect(Collectors.toMap(index -> index, index -> 1.0)), 0);
  }

  /**
   * Reads {@code class:weight,...}: {@code 3:1,7:2} has classes 3 and 7 alone; {@code 3:4,*:1} has
   * class 3 four times as often as it would come.
   *
   * @throws IllegalArgumentException where the text is not that
   */
  public static ClassMix parse(String text) {
    Map<Integer, Double> weights = new TreeMap<>();
    double others = 0;
    for (String part : text.split(",", -1)) {
      String[] pair = part.split(":", -1);
      try {
        if (pair.length != 2) {
          throw new NumberFormatException(part);
        }
        double weight = Double.parseDouble(pair[1].strip());
        if (pair[0].strip().equals(OTHERS)) {
          others = weight;
        } else {
          weights.put(Integer.valueOf(pair[0].strip()), weight);
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "class mix is '"
                + text
                + "'; class:weight pairs are needed, separated by commas, as 3:4,*:1",
            e);
      }
    }
    return new ClassMix(weights, others);
  }

  /** Weight of a class. */
  public double weight(int label) {
    return weights.getOrDefault(label, others);
  }

  /** The largest weight, above 0. */
  public double largest() {
    return largest(weights, others);
  }

  @Override
  public String toString() {
    return new TreeMap<>(weights) + ", others " + others;
  }

  private static double largest(Map<Integer, Double> weights, double others) {
    return weights.values().stream().reduce(others, Math::max);
  }
}
