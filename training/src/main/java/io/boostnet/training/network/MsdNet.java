package io.boostnet.training.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Multi-scale dense network (Huang et al., ICLR 2018), the arguments named as in the official
 * scripts.
 *
 * <p>Features are kept at several scales, finest first. A layer adds {@code growthRate} times the
 * scale's factor channels to each scale, from the same scale and, strided, from the next finer one,
 * and concatenates them to what is there. The exits read the coarsest scale. Finer scales are
 * dropped with depth ({@code prune}), and where they are, a transition multiplies the channels by
 * {@code reduction}.
 *
 * @param form first layer and heads
 * @param nBlocks exits; each ends a block, 1 or more
 * @param nChannels channels of the first layer, times the scale's factor
 * @param base layers of the first block
 * @param stepMode layers of the others
 * @param step see {@code stepMode}
 * @param growthRate channels that a layer adds, times the scale's factor
 * @param grFactor factor of each scale, finest first; its length is the number of scales
 * @param bnFactor width of the 1 x 1 bottleneck of each scale, in multiples of a layer's output
 *     channels
 * @param bottleneck whether 3 x 3 convolutions come after a 1 x 1 bottleneck
 * @param prune when finer scales are dropped
 * @param reduction factor on the channels at a transition, 0 for none
 * @param gradientEquilibrium whether gradients are rescaled at the heads (Li et al., ICCV 2019),
 *     the official {@code msdnet_ge}: head i of n (from 0) hands 1 / (n - i) of its gradient to its
 *     block, and blocks after it hand theirs so that the sum keeps its size
 */
public record MsdNet(
    Form form,
    int nBlocks,
    int nChannels,
    int base,
    StepMode stepMode,
    int step,
    int growthRate,
    List<Integer> grFactor,
    List<Integer> bnFactor,
    boolean bottleneck,
    Prune prune,
    double reduction,
    boolean gradientEquilibrium) {

  /** When finer scales are dropped. */
  public enum Prune {
    /** As late as possible: only where a scale can no longer reach the last exit. */
    MIN,
    /** Evenly over the depth. */
    MAX
  }

  public MsdNet {
    grFactor = List.copyOf(grFactor);
    bnFactor = List.copyOf(bnFactor);
    Checks.positive("nBlocks", nBlocks);
    Checks.positive("nChannels", nChannels);
    Checks.positive("base", base);
    Checks.positive("step", step);
    Checks.positive("growthRate", growthRate);
    Checks.factors("grFactor", grFactor);
    Checks.factors("bnFactor", bnFactor);
    Checks.share("reduction", reduction);
    if (grFactor.size() != bnFactor.size()) {
      throw new IllegalArgumentException(
          "grFactor has %d scales and bnFactor %d; give both the same number"
              .formatted(grFactor.size(), bnFactor.size()));
    }
    for (int scale = 1; scale < grFactor.size(); scale++) {
      if (growthRate * grFactor.get(scale) % 2 != 0) {
        throw new IllegalArgumentException(
            "growthRate %d times grFactor %d of scale %d is odd; half of a layer's channels come from each of two scales, so it must be even"
                .formatted(growthRate, grFactor.get(scale), scale + 1));
      }
    }
    if (prune == Prune.MIN
        && blockLayers(nBlocks, base, stepMode, step).stream().mapToInt(n -> n).sum()
            < grFactor.size()) {
      throw new IllegalArgumentException(
          "prune min needs at least as many layers as scales; raise base, or use prune max");
    }
  }

  /** Number of layers of each block. */
  static List<Integer> blockLayers(int nBlocks, int base, StepMode mode, int step) {
    List<Integer> layers = new ArrayList<>(List.of(base));
    for (int i = 1; i < nBlocks; i++) {
      layers.add(mode == StepMode.EVEN ? step : step * i + 1);
    }
    return layers;
  }

  /**
   * Builds the network.
   *
   * @param input shape of an image
   * @param classes length of the logits
   * @throws IllegalArgumentException if the scales do not fit the image size
   */
  public Network build(FeatureShape input, int classes) {
    return new Assembly(input).network(classes);
  }

  /**
   * One run of {@link #build}: the maps of each scale, finest first, and the channels they have
   * before the scale's factor.
   */
  private final class Assembly {
    private final NetworkBuilder builder;
    private final int scales = grFactor.size();
    private final List<Integer> blocks = blockLayers(nBlocks, base, stepMode, step);
    private final int layersInAll = blocks.stream().mapToInt(n -> n).sum();
    private List<Integer> maps = new ArrayList<>();
    private int channels = nChannels;
    private int layer;

    Assembly(FeatureShape input) {
      builder = new NetworkBuilder(input);
    }

    Network network(int classes) {
      for (int i = 0; i < nBlocks; i++) {
        block(i);
        int coarsest = maps.size() - 1;
        if (gradientEquilibrium) {
          maps.set(coarsest, builder.gradientScale(maps.get(coarsest), 1.0 / (nBlocks - i)));
        }
        form.exitHead(builder, "classifier." + i, maps.get(coarsest), classes);
        if (gradientEquilibrium && i < nBlocks - 1) {
          maps.set(coarsest, builder.gradientScale(maps.get(coarsest), nBlocks - i - 1));
        }
      }
      return builder.build();
    }

    private void block(int i) {
      int position = 0;
      if (i == 0) {
        firstLayer("blocks.0." + position++ + ".layers");
      }
      for (int n = 0; n < blocks.get(i); n++) {
        layer++;
        int outScales = scalesAfter(layer);
        boolean drops = maps.size() > outScales;
        denseLayer("blocks." + i + "." + position++ + ".layers", outScales);
        if (transitionHere(drops)) {
          transition("blocks." + i + "." + position++ + ".m");
        }
      }
    }

    private int scalesAfter(int layer) {
      if (prune == Prune.MIN) {
        return Math.min(scales, layersInAll - layer + 1);
      }
      int interval = (layersInAll + scales - 1) / scales;
      return scales - (layer - 1) / interval;
    }

    private boolean transitionHere(boolean drops) {
      boolean place =
          prune == Prune.MAX ? drops : layer == layersInAll / 3 || layer == 2 * layersInAll / 3;
      return reduction > 0 && place;
    }

    private void firstLayer(String name) {
      int map = form.stem(builder, name + ".0", 0, channels * grFactor.get(0));
      maps.add(map);
      for (int scale = 1; scale < scales; scale++) {
        map =
            builder.convNormRelu(
                name + "." + scale + ".net", 0, map, channels * grFactor.get(scale), 3, 2);
        maps.add(map);
      }
    }

    private void denseLayer(String name, int outScales) {
      int dropped = maps.size() - outScales;
      List<Integer> grown = new ArrayList<>();
      for (int i = 0; i < outScales; i++) {
        int scale = scales - outScales + i;
        int same = maps.get(i + dropped);
        int added = growthRate * grFactor.get(scale);
        String layerName = name + "." + i;
        if (i + dropped == 0) {
          grown.add(
              builder.concat(
                  same, branch(layerName + ".conv_normal", same, added, bnFactor.get(scale), 1)));
        } else {
          int finer = maps.get(i + dropped - 1);
          int down = branch(layerName + ".conv_down", finer, added / 2, bnFactor.get(scale - 1), 2);
          int normal = branch(layerName + ".conv_normal", same, added / 2, bnFactor.get(scale), 1);
          grown.add(builder.concat(same, down, normal));
        }
      }
      maps = grown;
      channels += growthRate;
    }

    private int branch(String name, int input, int outChannels, int width, int stride) {
      String net = name + ".net";
      if (!bottleneck) {
        return builder.convNormRelu(net, 0, input, outChannels, 3, stride);
      }
      int inner = Math.min(builder.shape(input).channels(), width * outChannels);
      return builder.convNormRelu(
          net, 3, builder.convNormRelu(net, 0, input, inner, 1, 1), outChannels, 3, stride);
    }

    private void transition(String name) {
      channels = (int) Math.floor(reduction * channels);
      for (int i = 0; i < maps.size(); i++) {
        int out = channels * grFactor.get(scales - maps.size() + i);
        maps.set(i, builder.convNormRelu(name + "." + i + ".net", 0, maps.get(i), out, 1, 1));
      }
    }
  }
}
