package io.boostnet.training.network;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/**
 * The options by which every command names a network, spelled as the official scripts spell them.
 */
public final class ArchitectureOptions {

  @Option(
      names = {"--arch", "-a"},
      defaultValue = "msdnet_ge",
      description =
          "Network: msdnet_ge, msdnet or ranet; or resnet, a plain one with a single exit. Default: ${DEFAULT-VALUE}.")
  private String arch;

  @Option(
      names = "--nBlocks",
      description =
          "MSDNet: blocks, each with an exit. RANet: blocks of the coarsest sub-network. Default: 1.")
  private String nBlocks;

  @Option(names = "--nChannels", description = "Channels of the first layer. Default: 32.")
  private String nChannels;

  @Option(names = "--base", description = "MSDNet: layers of the first block. Default: 4.")
  private String base;

  @Option(names = "--stepmode", description = "Layers per block: even or lin_grow. Default: even.")
  private String stepmode;

  @Option(names = "--step", description = "Layers of a later block, or how they grow. Default: 1.")
  private String step;

  @Option(names = "--growthRate", description = "Channels that a layer adds. Default: 6.")
  private String growthRate;

  @Option(names = "--grFactor", description = "Growth factor of each scale. Default: 1-2-4.")
  private String grFactor;

  @Option(names = "--bnFactor", description = "Bottleneck factor of each scale. Default: 1-2-4.")
  private String bnFactor;

  @Option(
      names = "--prune",
      description =
          "MSDNet: when finer scales are dropped: max, evenly over the depth; min, as late as possible. Default: max.")
  private String prune;

  @Option(
      names = "--bottleneck",
      description =
          "MSDNet: 1 x 1 convolutions before the 3 x 3 ones, true or false. Default: true.")
  private String bottleneck;

  @Option(names = "--reduction", description = "Compression at a transition, 0..1. Default: 0.5.")
  private String reduction;

  @Option(
      names = "--block-step",
      description = "RANet: blocks that each finer sub-network has more. Default: 2.")
  private String blockStep;

  @Option(
      names = "--scale-list",
      description = "RANet: scale of each sub-network, coarsest first. Default: 1-2-3.")
  private String scaleList;

  @Option(
      names = "--compress-factor",
      description =
          "RANet: share of a layer's channels that come from the coarser sub-network. Default: 0.25.")
  private String compressFactor;

  @Option(names = "--depth", description = "ResNet: layers, 6n + 2. Default: 20.")
  private String depth;

  @Option(names = "--width", description = "ResNet: channels of the first group. Default: 16.")
  private String width;

  /**
   * The architecture that these options describe.
   *
   * @throws IllegalArgumentException if they are impossible; the message says which and why
   */
  public Architecture architecture(Form form) {
    Map<String, String> arguments = new HashMap<>();
    if (!arch.equals("resnet")) {
      arguments.put("form", form.name().toLowerCase(Locale.ROOT));
    }
    put(arguments, "nBlocks", nBlocks);
    put(arguments, "nChannels", nChannels);
    put(arguments, "base", base);
    put(arguments, "stepmode", stepmode);
    put(arguments, "step", step);
    put(arguments, "growthRate", growthRate);
    put(arguments, "grFactor", grFactor);
    put(arguments, "bnFactor", bnFactor);
    put(arguments, "prune", prune);
    put(arguments, "bottleneck", bottleneck);
    put(arguments, "reduction", reduction);
    put(arguments, "block-step", blockStep);
    put(arguments, "scale-list", scaleList);
    put(arguments, "compress-factor", compressFactor);
    put(arguments, "depth", depth);
    put(arguments, "width", width);
    return new Architecture(arch, arguments);
  }

  private static void put(Map<String, String> arguments, String name, String value) {
    if (value != null) {
      arguments.put(name, value);
    }
  }
}
