package io.boostnet.training.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Resolution adaptive network (Yang et al., CVPR 2020), the arguments named as in the official
 * scripts.
 *
 * <p>Sub-networks run one after the other, from the coarsest resolution to the finest. The first is
 * a plain densely connected network. Each later one repeats the depth of the one before, every
 * layer also reading, resized, the features that the coarser sub-network had at that depth (fusion
 * blocks), then goes on with blocks of its own; only those end in an exit.
 *
 * @param form first layer and heads
 * @param nBlocks blocks of the coarsest sub-network, each with an exit
 * @param blockStep blocks that each next sub-network has more; these have its exits
 * @param nChannels channels of the first layer, times the sub-network's factor
 * @param stepMode layers of later blocks
 * @param step layers of the first block
 * @param growthRate channels that a layer adds, times the sub-network's factor
 * @param grFactor factor of each sub-network, coarsest first; its length is the number of
 *     sub-networks
 * @param bnFactor width of the 1 x 1 bottleneck of each sub-network, in multiples of a layer's
 *     output channels
 * @param scaleList scale of each sub-network, ascending from 1: where two are equal they work at
 *     the same resolution
 * @param compressFactor share of a fusion layer's channels that come from the coarser sub-network
 * @param reduction factor on the channels at a transition
 */
public record RaNet(
    Form form,
    int nBlocks,
    int blockStep,
    int nChannels,
    StepMode stepMode,
    int step,
    int growthRate,
    List<Integer> grFactor,
    List<Integer> bnFactor,
    List<Integer> scaleList,
    double compressFactor,
    double reduction) {

  public RaNet {
    grFactor = List.copyOf(grFactor);
    bnFactor = List.copyOf(bnFactor);
    scaleList = List.copyOf(scaleList);
    Checks.positive("nBlocks", nBlocks);
    Checks.positive("block-step", blockStep);
    Checks.positive("nChannels", nChannels);
    Checks.positive("step", step);
    Checks.positive("growthRate", growthRate);
    Checks.factors("grFactor", grFactor);
    Checks.factors("bnFactor", bnFactor);
    Checks.factors("scale-list", scaleList);
    Checks.share("compress-factor", compressFactor);
    Checks.share("reduction", reduction);
    if (grFactor.size() != scaleList.size() || bnFactor.size() != scaleList.size()) {
      throw new IllegalArgumentException(
          "scale-list has %d sub-networks, grFactor %d and bnFactor %d; give all three the same number"
              .formatted(scaleList.size(), grFactor.size(), bnFactor.size()));
    }
    if (step < 2 && scaleList.size() > 1) {
      throw new IllegalArgumentException(
          "step is " + step + "; a network of several sub-networks needs 2 or more layers a block");
    }
    for (int i = 1; i < scaleList.size(); i++) {
      if (scaleList.get(i) < scaleList.get(i - 1)) {
        throw new IllegalArgumentException("scale-list is " + scaleList + "; it must not fall");
      }
    }
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

  /** Blocks of sub-network {@code i}, from 0. */
  private int blocksOf(int i) {
    return nBlocks + blockStep * i;
  }

  /**
   * Block counts of {@code 0} and of the sub-networks before {@code i}: fusion blocks that end at
   * such a count halve the resolution.
   */
  private boolean halves(int i, int block) {
    List<Integer> counts = new ArrayList<>(List.of(0));
    for (int before = 0; before < i; before++) {
      counts.add(blocksOf(before));
    }
    int last = scaleList.get(i) - 1;
    return (last == 0 ? counts : counts.subList(Math.max(0, counts.size() - last), counts.size()))
        .contains(block);
  }

  private boolean transitionAfter(int i, int block) {
    int scale = scaleList.get(i);
    for (int part = 1; part < scale; part++) {
      if (block == part * blocksOf(i) / scale) {
        return true;
      }
    }
    return false;
  }

  /** One run of {@link #build}. */
  private final class Assembly {
    private final NetworkBuilder builder;
    private final List<Integer> layersOfBlock = new ArrayList<>(List.of(step));
    private int exits;

    Assembly(FeatureShape input) {
      builder = new NetworkBuilder(input);
    }

    Network network(int classes) {
      List<Integer> entry = firstLayer();
      List<List<Integer>> coarser = List.of();
      for (int i = 0; i < scaleList.size(); i++) {
        int map = entry.get(i);
        List<List<Integer>> features = new ArrayList<>();
        int fused = i == 0 ? 0 : blocksOf(i - 1);
        for (int block = 1; block <= blocksOf(i); block++) {
          List<Integer> layers = new ArrayList<>(List.of(map));
          String name = "scale_flows." + i + "." + (block - 1);
          int count = layersOfBlock.get(block - 1);
          if (block > fused) {
            map = plainBlock(name, i, count, layers);
            int previous = layersOfBlock.get(layersOfBlock.size() - 1);
            layersOfBlock.add(stepMode == StepMode.EVEN ? step : previous + step);
          } else {
            map = fusionBlock(name, i, count, layers, coarser.get(block - 1), halves(i, block));
          }
          if (transitionAfter(i, block)) {
            int out = (int) Math.floor(reduction * builder.shape(map).channels());
            map = builder.convNormRelu(name + ".trans.net", 0, map, out, 1, 1);
          }
          features.add(layers);
          if (block > fused) {
            form.exitHead(builder, "classifier." + exits++, map, classes);
          }
        }
        coarser = features;
      }
      return builder.build();
    }

    /** Maps that each sub-network starts from, coarsest first; they are made finest first. */
    private List<Integer> firstLayer() {
      int n = scaleList.size();
      List<Integer> maps = new ArrayList<>();
      int map = form.stem(builder, "FirstLayer.layers.0", 0, nChannels * grFactor.get(n - 1));
      maps.add(map);
      for (int i = 1; i < n; i++) {
        int sub = n - 1 - i;
        int stride = scaleList.get(sub).equals(scaleList.get(sub + 1)) ? 1 : 2;
        map =
            builder.convNormRelu(
                "FirstLayer.layers." + i + ".net",
                0,
                map,
                nChannels * grFactor.get(sub),
                3,
                stride);
        maps.add(0, map);
      }
      return maps;
    }

    /** Adds every layer's output to {@code layers}, which holds the input, and returns the last. */
    private int plainBlock(String name, int sub, int count, List<Integer> layers) {
      int map = layers.get(0);
      for (int n = 0; n < count; n++) {
        String layer = name + ".layers." + n + ".conv_normal";
        map = builder.concat(map, branch(layer, map, growth(sub), bnFactor.get(sub), 1));
        layers.add(map);
      }
      return map;
    }

    private int fusionBlock(
        String name,
        int sub,
        int count,
        List<Integer> layers,
        List<Integer> coarser,
        boolean halves) {
      int map = layers.get(0);
      int fromCoarser = (int) Math.floor(growth(sub) * compressFactor);
      for (int n = 0; n < count; n++) {
        String layer = name + ".layers." + n;
        int stride = halves && n == count - 1 ? 2 : 1;
        int own =
            branch(
                layer + ".conv_normal", map, growth(sub) - fromCoarser, bnFactor.get(sub), stride);
        int up = branch(layer + ".conv_up", coarser.get(n), fromCoarser, bnFactor.get(sub - 1), 1);
        FeatureShape size = builder.shape(own);
        map = builder.concat(builder.resize(map, size), builder.resize(up, size), own);
        layers.add(map);
      }
      int out = (int) Math.floor(builder.shape(map).channels() * compressFactor);
      int last = builder.convNormRelu(name + ".conv_last.net", 0, coarser.get(count), out, 1, 1);
      return builder.concat(map, builder.resize(last, builder.shape(map)));
    }

    private int branch(String name, int input, int outChannels, int width, int stride) {
      int inner = Math.min(builder.shape(input).channels(), width * outChannels);
      int narrow = builder.convNormRelu(name + ".net", 0, input, inner, 1, 1);
      return builder.convNormRelu(name + ".net", 3, narrow, outChannels, 3, stride);
    }

    private int growth(int sub) {
      return growthRate * grFactor.get(sub);
    }
  }
}
