package io.boostnet.jobs.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is done to images, and how much of it.
 *
 * @param kind what
 * @param severity how much, 1 to 5
 */
public record Corruption(Kind kind, int severity) {

  private static final Pattern WORDS = Pattern.compile("([a-z]+):(\\d)");

  /**
   * Corruptions with their parameters for 32 x 32 pixels, as in CIFAR-10-C: Hendrycks and
   * Dietterich, "Benchmarking Neural Network Robustness to Common Corruptions and Perturbations",
   * ICLR 2019. Pixels are 0..1 there. Occlusion is not among them: a grey square as in DeVries and
   * Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout", 2017.
   */
  public enum Kind {
    /** Gaussian noise of this standard deviation on every channel of every pixel. */
    NOISE(new double[] {0.04, 0.06, 0.08, 0.09, 0.10}),
    /** Gaussian blur of this standard deviation in pixels; in proportion for larger images. */
    BLUR(new double[] {0.4, 0.6, 0.7, 0.8, 1.0}),
    /** Distance of every channel from its mean times this. */
    CONTRAST(new double[] {0.75, 0.5, 0.4, 0.3, 0.15}),
    /** Fog of this density, and the root of how fast its clouds flatten from scale to scale. */
    FOG(new double[] {0.2, 0.5, 0.75, 1, 1.5}, new double[] {3, 3, 2.5, 2, 1.75}),
    /** A grey square somewhere, whose side is this share of the shorter side. */
    OCCLUSION(new double[] {0.3, 0.4, 0.5, 0.6, 0.7});

    private final double[][] bySeverity;

    Kind(double[]... bySeverity) {
      this.bySeverity = bySeverity;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the severity.
   *
   * @throws IllegalArgumentException where it is not within 1..5
   */
  public Corruption {
    if (severity < 1 || severity > 5) {
      throw new IllegalArgumentException(
          "severity of " + kind + " is " + severity + "; 1 to 5 is needed");
    }
  }

  /**
   * Reads {@code kind:severity}.
   *
   * @throws IllegalArgumentException where the text is not that
   */
  public static Corruption parse(String text) {
    Matcher words = WORDS.matcher(text);
    if (words.matches()) {
      for (Kind kind : Kind.values()) {
        if (kind.toString().equals(words.group(1))) {
          return new Corruption(kind, Integer.parseInt(words.group(2)));
        }
      }
    }
    throw new IllegalArgumentException(
        "corruption is '"
            + text
            + "'; "
            + Arrays.stream(Kind.values()).map(Kind::toString).collect(Collectors.joining(", "))
            + " with a severity of 1 to 5 are known, as noise:3");
  }

  /** First parameter of the kind. */
  double amount() {
    return kind.bySeverity[0][severity - 1];
  }

  /** Second parameter, of fog alone. */
  double decay() {
    return kind.bySeverity[1][severity - 1];
  }

  @Override
  public String toString() {
    return kind + ":" + severity;
  }
}
