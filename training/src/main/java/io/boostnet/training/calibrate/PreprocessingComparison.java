package io.boostnet.training.calibrate;

import io.boostnet.image.Resize;
import io.boostnet.schema.Interpolation;
import io.boostnet.schema.ResizeRule;
import io.boostnet.training.checkpoint.Tensor;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.LabelledImages;
import io.boostnet.training.input.BadInputException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Inputs made of images as a bundle makes them, beside the user's own and the usual mistakes. */
final class PreprocessingComparison {

  private static final double LEVELS = 255;

  /** Mean difference, in levels, at which inputs are the same but for rounding. */
  private static final double SAME = 1;

  private PreprocessingComparison() {}

  /**
   * Prints the differences, and what they say of the user's preprocessing.
   *
   * @param inputs {@code [images, 3, height, width]}
   * @throws BadInputException where there are not as many images as inputs
   */
  static void print(LabelledImages images, Tensor inputs, InputFormat format, PrintWriter out) {
    int count = inputs.values().length / format.size();
    if (images.size() != count) {
      throw BadInputException.of(
          "%s has %d images and the reference inputs of %d: give the files that they were made of.",
          images.name(), images.size(), count);
    }
    for (float value : inputs.values()) {
      if (!Float.isFinite(value)) {
        throw BadInputException.of("The reference inputs hold %s: they are no images.", value);
      }
    }
    out.printf("inputs made of the images, in levels of 0..255%n");
    List<Preparation> ways = Preparation.of(format);
    Preparation nearest = null;
    double least = Double.MAX_VALUE;
    for (Preparation way : ways) {
      Difference difference = Difference.of(way.inputs(images), inputs.values());
      double level = way.format().std().stream().mapToDouble(s -> s).average().orElse(1) * LEVELS;
      out.printf(
          Locale.ROOT,
          "  %-34s largest difference %6.1f, mean %6.2f%n",
          way.name(),
          difference.largest() * level,
          difference.mean() * level);
      if (difference.mean() * level < least) {
        least = difference.mean() * level;
        nearest = way;
      }
    }
    out.println(
        "  "
            + (least >= SAME
                ? otherNormalisation(ways, nearest, images, inputs)
                : nearest == ways.get(0)
                    ? "the bundle's preprocessing is the user's"
                    : "the user's preprocessing is: " + nearest.name()));
  }

  /** What is to be said where none of the ways is the user's. */
  private static String otherNormalisation(
      List<Preparation> ways, Preparation nearest, LabelledImages images, Tensor inputs) {
    Preparation best = null;
    Normalisation fitted = null;
    for (Preparation way : ways) {
      Normalisation fit = Normalisation.of(way.unnormalised().inputs(images), inputs.values(), way);
      if (fitted == null || fit.levels() < fitted.levels()) {
        fitted = fit;
        best = way;
      }
    }
    if (fitted.levels() >= SAME) {
      return "none of these is the user's; the nearest is: "
          + nearest.name()
          + ". Are they these images, in the order of their names? Else it is another way to resize";
    }
    return String.format(
        Locale.ROOT,
        "the user's mean is %.4g, %.4g, %.4g and std %.4g, %.4g, %.4g, of pixels of 0..1, in the order of the inputs' channels%s",
        fitted.mean()[0],
        fitted.mean()[1],
        fitted.mean()[2],
        fitted.std()[0],
        fitted.std()[1],
        fitted.std()[2],
        best == ways.get(0) ? "" : ", with " + best.name());
  }

  /**
   * The mean and standard deviation that lead from pixels to the user's inputs, by least squares.
   *
   * @param mean per channel, of pixels of 0..1
   * @param std the same
   * @param levels mean difference that is left, of 0..255; infinite where nothing fits
   */
  private record Normalisation(double[] mean, double[] std, double levels) {

    /**
     * @param x pixels of 0..1
     * @param y the user's inputs
     */
    static Normalisation of(float[] x, float[] y, Preparation way) {
      double[] mean = new double[3];
      double[] std = new double[3];
      double left = 0;
      for (int channel = 0; channel < 3; channel++) {
        int[] at = channel(channel, x.length, way.format().size());
        double meanX = Arrays.stream(at).mapToDouble(i -> x[i]).average().orElseThrow();
        double meanY = Arrays.stream(at).mapToDouble(i -> y[i]).average().orElseThrow();
        double products = Arrays.stream(at).mapToDouble(i -> (x[i] - meanX) * (y[i] - meanY)).sum();
        double squares = Arrays.stream(at).mapToDouble(i -> (x[i] - meanX) * (x[i] - meanX)).sum();
        double slope = products / squares;
        if (!(slope > 0) || Double.isInfinite(slope)) {
          return new Normalisation(mean, std, Double.POSITIVE_INFINITY);
        }
        std[channel] = 1 / slope;
        mean[channel] = meanX - meanY / slope;
        left +=
            Arrays.stream(at)
                .mapToDouble(i -> Math.abs(y[i] - meanY - slope * (x[i] - meanX)) / slope)
                .sum();
      }
      return new Normalisation(mean, std, left / x.length * LEVELS);
    }

    /** Where the values of a channel are in tensors of images. */
    private static int[] channel(int channel, int length, int image) {
      int plane = image / 3;
      int[] at = new int[length / 3];
      for (int i = 0; i < at.length; i++) {
        at[i] = i / plane * image + channel * plane + i % plane;
      }
      return at;
    }
  }

  /** A way from an image to an input. */
  private record Preparation(String name, InputFormat format, boolean swapped) {

    /** The bundle's, and what is often done in its place. */
    static List<Preparation> of(InputFormat format) {
      List<Preparation> ways = new ArrayList<>();
      ways.add(new Preparation("as the bundle", format, false));
      ways.add(new Preparation("blue and red swapped", format, true));
      ways.add(
          new Preparation(
              "pixels of 0..1, not normalised",
              new InputFormat(format.resize(), List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0)),
              false));
      ways.add(new Preparation("pixels of 0..255", format.pixels(), false));
      ways.add(
          new Preparation(
              "the other resize rule",
              new InputFormat(other(format.resize()), format.mean(), format.std()),
              false));
      ways.add(
          new Preparation(
              "another interpolation",
              new InputFormat(
                  format
                      .resize()
                      .with(
                          format.resize().interpolation() == Interpolation.BICUBIC
                              ? Interpolation.BILINEAR
                              : Interpolation.BICUBIC),
                  format.mean(),
                  format.std()),
              false));
      return ways;
    }

    /** Stretched for cropped, and cropped to seven eighths for stretched. */
    private static Resize other(Resize resize) {
      Resize other =
          resize.rule() == ResizeRule.STRETCH
              ? Resize.shortSideCrop(
                  Math.max(resize.height(), resize.width()) * 8 / 7,
                  resize.height(),
                  resize.width())
              : Resize.stretch(resize.height(), resize.width());
      return other.with(resize.interpolation());
    }

    /** The same in pixels of 0..1. */
    Preparation unnormalised() {
      InputFormat pixels =
          new InputFormat(format.resize(), List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
      return new Preparation(name, pixels, swapped);
    }

    float[] inputs(LabelledImages images) {
      float[] inputs = new float[images.size() * format.size()];
      byte[] planes = new byte[format.size()];
      int pixels = format.size() / 3;
      for (int i = 0; i < images.size(); i++) {
        images.readPlanes(i, format.resize(), planes, 0);
        if (swapped) {
          byte[] red = Arrays.copyOf(planes, pixels);
          System.arraycopy(planes, 2 * pixels, planes, 0, pixels);
          System.arraycopy(red, 0, planes, 2 * pixels, pixels);
        }
        format.normalise(planes, 0, inputs, i * format.size());
      }
      return inputs;
    }
  }
}
