package io.boostnet.training.network;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which network: a family and its arguments, spelled as the official scripts spell them.
 *
 * <p>Arguments and defaults: {@code nBlocks} 1, {@code nChannels} 32, {@code stepmode} even, {@code
 * step} 1, {@code growthRate} 6, {@code grFactor} 1-2-4, {@code bnFactor} 1-2-4, {@code reduction}
 * 0.5, {@code form} cifar (or imagenet); for MSDNet {@code base} 4, {@code prune} max (or min),
 * {@code bottleneck} true; for RANet {@code block-step} 2, {@code scale-list} 1-2-3, {@code
 * compress-factor} 0.25. The plain residual network takes {@code depth} 20 and {@code width} 16.
 *
 * @param family {@code msdnet_ge} (MSDNet with gradients rescaled at the heads, the official
 *     BoostNet default), {@code msdnet} or {@code ranet}; or {@code resnet}, a plain network with
 *     one exit
 * @param arguments all of the family's arguments with their values, defaults filled in, sorted by
 *     name
 */
public record Architecture(String family, Map<String, String> arguments) {

  private static final Map<String, String> COMMON =
      Map.of(
          "form",
          "cifar",
          "nBlocks",
          "1",
          "nChannels",
          "32",
          "stepmode",
          "even",
          "step",
          "1",
          "growthRate",
          "6",
          "grFactor",
          "1-2-4",
          "bnFactor",
          "1-2-4",
          "reduction",
          "0.5");
  private static final Map<String, String> MSDNET =
      Map.of("base", "4", "prune", "max", "bottleneck", "true");
  private static final Map<String, String> RANET =
      Map.of("block-step", "2", "scale-list", "1-2-3", "compress-factor", "0.25");
  private static final Map<String, String> RESNET = Map.of("depth", "20", "width", "16");

  /**
   * Checks the arguments and fills in defaults.
   *
   * @throws IllegalArgumentException if the family or an argument is unknown, or a value
   *     impossible; the message says which and why
   */
  public Architecture {
    Map<String, String> complete = new TreeMap<>(defaults(family));
    arguments.forEach(
        (name, value) -> {
          if (complete.replace(name, value) == null) {
            throw new IllegalArgumentException(
                "argument "
                    + name
                    + " is not one of "
                    + family
                    + "'s; it takes "
                    + String.join(", ", complete.keySet()));
          }
        });
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(complete));
    switch (family) {
      case "ranet" -> raNet(arguments);
      case "resnet" -> resNet(arguments);
      default -> msdNet(arguments, false);
    }
  }

  private static Map<String, String> defaults(String family) {
    Map<String, String> defaults = new TreeMap<>(COMMON);
    switch (family) {
      case "msdnet", "msdnet_ge" -> defaults.putAll(MSDNET);
      case "ranet" -> defaults.putAll(RANET);
      case "resnet" -> {
        return RESNET;
      }
      default ->
          throw new IllegalArgumentException(
              "unknown architecture \"" + family + "\"; use msdnet_ge, msdnet, ranet or resnet");
    }
    return defaults;
  }

  /**
   * Builds the network.
   *
   * @param height rows of an image
   * @param width columns of an image
   * @param classes number of classes
   * @throws IllegalArgumentException if the architecture does not fit the image size
   */
  public Network network(int height, int width, int classes) {
    Checks.positive("classes", classes);
    FeatureShape input = new FeatureShape(3, height, width);
    return switch (family) {
      case "ranet" -> raNet(arguments).build(input, classes);
      case "resnet" -> resNet(arguments).build(input, classes);
      default -> msdNet(arguments, family.equals("msdnet_ge")).build(input, classes);
    };
  }

  private static ResNet resNet(Map<String, String> arguments) {
    Values of = new Values(arguments);
    return new ResNet(of.integer("depth"), of.integer("width"));
  }

  private static MsdNet msdNet(Map<String, String> arguments, boolean gradientEquilibrium) {
    Values of = new Values(arguments);
    return new MsdNet(
        of.choice("form", Form.class),
        of.integer("nBlocks"),
        of.integer("nChannels"),
        of.integer("base"),
        of.choice("stepmode", StepMode.class),
        of.integer("step"),
        of.integer("growthRate"),
        of.list("grFactor"),
        of.list("bnFactor"),
        of.flag("bottleneck"),
        of.choice("prune", MsdNet.Prune.class),
        of.number("reduction"),
        gradientEquilibrium);
  }

  private static RaNet raNet(Map<String, String> arguments) {
    Values of = new Values(arguments);
    return new RaNet(
        of.choice("form", Form.class),
        of.integer("nBlocks"),
        of.integer("block-step"),
        of.integer("nChannels"),
        of.choice("stepmode", StepMode.class),
        of.integer("step"),
        of.integer("growthRate"),
        of.list("grFactor"),
        of.list("bnFactor"),
        of.list("scale-list"),
        of.number("compress-factor"),
        of.number("reduction"));
  }

  /** Typed reading of text arguments; every failure names the argument and what it may be. */
  private record Values(Map<String, String> arguments) {

    int integer(String name) {
      try {
        return Integer.parseInt(arguments.get(name));
      } catch (NumberFormatException e) {
        throw wrong(name, "a whole number", e);
      }
    }

    double number(String name) {
      try {
        return Double.parseDouble(arguments.get(name));
      } catch (NumberFormatException e) {
        throw wrong(name, "a number", e);
      }
    }

    List<Integer> list(String name) {
      try {
        return Arrays.stream(arguments.get(name).split("-")).map(Integer::valueOf).toList();
      } catch (NumberFormatException e) {
        throw wrong(name, "whole numbers with - between, for instance 1-2-4", e);
      }
    }

    boolean flag(String name) {
      return switch (arguments.get(name).toLowerCase(Locale.ROOT)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw wrong(name, "true or false", null);
      };
    }

    <E extends Enum<E>> E choice(String name, Class<E> type) {
      for (E constant : type.getEnumConstants()) {
        if (constant.name().equalsIgnoreCase(arguments.get(name))) {
          return constant;
        }
      }
      String allowed =
          String.join(
              ", ",
              Arrays.stream(type.getEnumConstants())
                  .map(e -> e.name().toLowerCase(Locale.ROOT))
                  .toList());
      throw wrong(name, "one of " + allowed, null);
    }

    private IllegalArgumentException wrong(String name, String allowed, Exception cause) {
      return new IllegalArgumentException(
          "argument " + name + " is \"" + arguments.get(name) + "\"; it must be " + allowed, cause);
    }
  }
}
