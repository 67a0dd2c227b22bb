package io.boostnet.training.bundle.quantize;

import io.boostnet.training.network.FeatureShape;
import io.boostnet.training.network.Network;
import io.boostnet.training.network.Node;
import java.util.HashMap;
import java.util.Map;

/**
 * How the feature maps of a network are folded. The kernels of a processor work on 16 channels at a
 * time; where a layer adds few, as the fine scales of MSDNet do, folding makes more of them, and
 * fewer pixels, at the price of zeros in the weights.
 *
 * @param folds fold of each size of map, {@code [rows, columns]}; those that are not named are not
 *     folded
 */
record Folding(Map<Size, Fold> folds) {

  /** Rows and columns of a map. */
  record Size(int height, int width) {}

  /** A fold may bring the channels that a layer adds up to so many. */
  private static final int MOST_CHANNELS = 24;

  Folding {
    folds = Map.copyOf(folds);
  }

  /** The folds for a network: 2 x 2, 1 x 2 or none, by the least that a layer adds at that size. */
  static Folding of(Network network) {
    Map<Size, Integer> added = new HashMap<>();
    for (Node node : network.nodes()) {
      if (node instanceof Node.Concat concat) {
        FeatureShape first = network.nodes().get(concat.inputs().get(0)).shape();
        int channels = concat.shape().channels() - first.channels();
        added.merge(size(concat.shape()), channels, Math::min);
      }
    }
    Map<Size, Fold> folds = new HashMap<>();
    added.forEach((size, channels) -> folds.put(size, fold(size, channels)));
    return new Folding(folds);
  }

  private static Fold fold(Size size, int channels) {
    boolean columns = size.width % 2 == 0 && 2 * channels <= MOST_CHANNELS;
    boolean both = columns && size.height % 2 == 0 && 4 * channels <= MOST_CHANNELS;
    return new Fold(both ? 2 : 1, columns ? 2 : 1);
  }

  Fold at(FeatureShape map) {
    return folds.getOrDefault(size(map), Fold.NONE);
  }

  private static Size size(FeatureShape map) {
    return new Size(map.height(), map.width());
  }
}
