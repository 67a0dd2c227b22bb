package io.boostnet.training.bundle.quantize;

import io.boostnet.training.network.FeatureShape;
import io.boostnet.training.network.Network;
import io.boostnet.training.network.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A network as kernels between channels: convolution, batch normalisation and ReLU are one kernel,
 * and concatenations are lists of channels.
 */
final class Layers {

  private final Network network;
  private final Map<Integer, Kernel> kernels = new HashMap<>();
  private final Map<Integer, Integer> sources = new HashMap<>();
  private final int[] readers;

  /**
   * @param network for inference
   * @param weights the weights of its stages
   */
  Layers(Network network, StageWeights weights) {
    this.network = network;
    this.readers = new int[network.nodes().size()];
    network.nodes().forEach(node -> node.inputs().forEach(input -> readers[input]++));
    for (int value = 0; value < network.nodes().size(); value++) {
      if (network.nodes().get(value) instanceof Node.Relu relu) {
        add(value, relu, weights);
      }
    }
  }

  private void add(int value, Node.Relu relu, StageWeights weights) {
    if (!(network.nodes().get(relu.input()) instanceof Node.BatchNorm norm)
        || !(network.nodes().get(norm.input()) instanceof Node.Conv2d conv)
        || readers[relu.input()] != 1
        || readers[norm.input()] != 1) {
      throw new IllegalArgumentException(
          "value "
              + value
              + " is not made by convolution, batch normalisation and ReLU: no 8-bit form is known");
    }
    float[] kernel = weights.constant(conv.weight());
    float[] bias = weights.constant(conv.biasName());
    sources.put(value, conv.input());
    kernels.put(
        value,
        new Kernel(
            own(value),
            channels(conv.input()),
            conv.kernel(),
            conv.stride(),
            conv.padding(),
            doubles(kernel),
            doubles(bias)));
  }

  Node node(int value) {
    return network.nodes().get(value);
  }

  FeatureShape shape(int value) {
    return node(value).shape();
  }

  /** The kernel that makes a value; null where it is made otherwise. */
  Kernel kernel(int value) {
    return kernels.get(value);
  }

  /** The value that the kernel of a value reads. */
  int source(int value) {
    return sources.get(value);
  }

  /** Nodes that read a value. */
  int readers(int value) {
    return readers[value];
  }

  /** The channels of a value: of a concatenation, those of what it is made of. */
  List<Channel> channels(int value) {
    if (!(node(value) instanceof Node.Concat concat)) {
      return own(value);
    }
    List<Channel> channels = new ArrayList<>();
    concat.inputs().forEach(input -> channels.addAll(channels(input)));
    return channels;
  }

  private List<Channel> own(int value) {
    return IntStream.range(0, shape(value).channels())
        .mapToObj(index -> new Channel(value, index))
        .toList();
  }

  /** The channel whose values a channel has its own from, resized or pooled: it has its range. */
  Channel origin(Channel channel) {
    Node node = node(channel.value());
    return node instanceof Node.Resize || node instanceof Node.MaxPool
        ? origin(channels(node.inputs().get(0)).get(channel.index()))
        : channel;
  }

  /** Values that a value is computed from, itself among them. */
  BitSet ancestors(int value) {
    BitSet ancestors = new BitSet();
    ancestors.set(value);
    for (int v = value; v >= 0; v = v == 0 ? -1 : ancestors.previousSetBit(v - 1)) {
      node(v).inputs().forEach(ancestors::set);
    }
    return ancestors;
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }
}
