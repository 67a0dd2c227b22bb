package io.boostnet.training.data;

import io.boostnet.image.Resize;
import io.boostnet.schema.Interpolation;
import io.boostnet.training.input.BadInputException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** The options by which a command says what the network's input looks like. */
public final class InputOptions {

  @Option(
      names = "--dataset",
      defaultValue = "cifar100",
      description = {
        "What the network was made for: ${COMPLETION-CANDIDATES}. Sets image size, normalisation and the form of the network; OTHER"
            + " takes them from the options below. Default: ${DEFAULT-VALUE}."
      })
  private Preset preset;

  @Option(names = "--image-size", description = "OTHER: pixels of a side. Default: 32.")
  private Integer imageSize;

  @Option(
      names = "--mean",
      description = "OTHER: mean of red, green and blue, for pixels of 0..1. Default: 0.5,0.5,0.5.")
  private String mean;

  @Option(
      names = "--std",
      description =
          "OTHER: standard deviation of red, green and blue, for pixels of 0..1. Default: 0.25,0.25,0.25.")
  private String std;

  @Option(
      names = "--interpolation",
      defaultValue = "BILINEAR",
      description =
          "How images of another size are resized: ${COMPLETION-CANDIDATES}. BILINEAR and BICUBIC are the antialiased filters of PIL"
              + " and torchvision; a network has to get what it was trained on. Default: ${DEFAULT-VALUE}.")
  private Interpolation interpolation;

  /** Data sets whose input is known. */
  public enum Preset {
    CIFAR10,
    CIFAR100,
    IMAGENET,
    OTHER
  }

  /** The preset that was chosen. */
  public Preset preset() {
    return preset;
  }

  /** The input format that these options describe. */
  public InputFormat format() {
    if (preset != Preset.OTHER) {
      refuse("--image-size", imageSize);
      refuse("--mean", mean);
      refuse("--std", std);
    }
    InputFormat format =
        switch (preset) {
          case CIFAR10 -> InputFormat.cifar10();
          case CIFAR100 -> InputFormat.cifar100();
          case IMAGENET -> InputFormat.imageNet();
          case OTHER ->
              new InputFormat(
                  Resize.stretch(orElse(imageSize, 32), orElse(imageSize, 32)),
                  numbers("--mean", orElse(mean, "0.5,0.5,0.5")),
                  numbers("--std", orElse(std, "0.25,0.25,0.25")));
        };
    return new InputFormat(format.resize().with(interpolation), format.mean(), format.std());
  }

  private void refuse(String option, Object value) {
    if (value != null) {
      throw BadInputException.of(
          "%s is %s, but --dataset %s knows its own; give --dataset OTHER with it.",
          option, value, preset);
    }
  }

  private static <T> T orElse(T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  private static List<Double> numbers(String option, String text) {
    try {
      return Arrays.stream(text.split(",")).map(String::trim).map(Double::valueOf).toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          option + " is \"" + text + "\"; it must be three numbers with commas between", e);
    }
  }
}
