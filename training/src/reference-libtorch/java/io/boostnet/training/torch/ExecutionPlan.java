package io.boostnet.training.torch;

import io.boostnet.training.network.Network;
import io.boostnet.training.network.Node;
import java.util.List;
import java.util.Map;

/** The product's, with every convolution by itself, as the official code runs them. */
record ExecutionPlan(Network network, Map<Integer, List<Integer>> together, int[] lastReader) {

  static ExecutionPlan of(Network network) {
    int[] lastReader = new int[network.nodes().size()];
    for (int v = 0; v < lastReader.length; v++) {
      Node node = network.nodes().get(v);
      for (int input : node.inputs()) {
        lastReader[input] = v;
      }
    }
    return new ExecutionPlan(network, Map.of(), lastReader);
  }
}
