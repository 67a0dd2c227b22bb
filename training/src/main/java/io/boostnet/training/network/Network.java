package io.boostnet.training.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * An early-exit network as a list of nodes: node 0 is the image batch, and the values named by
 * {@code exits} are the logits of the exit heads (f_k, before they are added up to the ensemble
 * F_k, see {@link EnsembleWeights}). Immutable, no weights inside: those are kept by name, see
 * {@link #parameters()}.
 *
 * @param nodes the operations, in the order of execution
 * @param exits numbers of the head values, in their order; each is a {@link Node.Linear}
 */
public record Network(List<Node> nodes, List<Integer> exits) {

  public Network {
    nodes = List.copyOf(nodes);
    exits = List.copyOf(exits);
    if (exits.isEmpty()) {
      throw new IllegalArgumentException("a network needs at least one exit");
    }
    for (int v = 0; v < nodes.size(); v++) {
      for (int input : nodes.get(v).inputs()) {
        if (input < 0 || input >= v) {
          throw new IllegalArgumentException(
              "node " + v + " reads value " + input + ", which does not come before it");
        }
      }
    }
  }

  /** Shape of one input image. */
  public FeatureShape input() {
    return nodes.get(0).shape();
  }

  /** Number of classes: length of the logits of every exit. */
  public int classes() {
    return nodes.get(exits.get(0)).shape().channels();
  }

  /**
   * All tensors by their official names, running statistics included, in the order of execution.
   */
  public List<Parameter> parameters() {
    return nodes.stream().flatMap(node -> node.parameters().stream()).toList();
  }

  /**
   * Names of PyTorch's batch counters: an official checkpoint holds these scalars beside {@link
   * #parameters()}. A reader ignores them.
   */
  public List<String> batchCounters() {
    return nodes.stream()
        .filter(Node.BatchNorm.class::isInstance)
        .map(n -> ((Node.BatchNorm) n).batchCounter())
        .toList();
  }

  /**
   * Multiply-accumulate operations for one image from the input to each exit, the heads of earlier
   * exits included.
   */
  public List<Long> cumulativeMacs() {
    return cumulative(Node::macs);
  }

  /** Trained parameters from the input to each exit, the heads of earlier exits included. */
  public List<Long> cumulativeParameters() {
    return cumulative(
        node ->
            node.parameters().stream().filter(Parameter::trained).mapToLong(Parameter::size).sum());
  }

  private List<Long> cumulative(ToLongFunction<Node> count) {
    List<Long> sums = new ArrayList<>();
    long sum = 0;
    for (int v = 0; v < nodes.size(); v++) {
      sum += count.applyAsLong(nodes.get(v));
      if (exits.contains(v)) {
        sums.add(sum);
      }
    }
    return List.copyOf(sums);
  }

  /**
   * The network for inference up to an exit: later exits are gone, and so is all that only they
   * read.
   *
   * @param count number of exits to keep, from the first: 1 to as many as there are
   * @throws IllegalArgumentException for 0
   * @throws IndexOutOfBoundsException for another number that is not one of these
   */
  public Network upTo(int count) {
    return new Network(nodes, exits.subList(0, count)).forInference();
  }

  /**
   * The same function without what only training needs: {@link Node.GradientScale} is gone, and so
   * are values that no exit reads. Values are renumbered; tensor names stay.
   */
  public Network forInference() {
    boolean[] read = new boolean[nodes.size()];
    read[0] = true;
    exits.forEach(exit -> read[exit] = true);
    for (int v = nodes.size() - 1; v > 0; v--) {
      if (read[v]) {
        nodes.get(v).inputs().forEach(input -> read[input] = true);
      }
    }
    int[] renumbered = new int[nodes.size()];
    List<Node> kept = new ArrayList<>();
    for (int v = 0; v < nodes.size(); v++) {
      Node node = nodes.get(v);
      if (node instanceof Node.GradientScale scale) {
        renumbered[v] = renumbered[scale.input()];
      } else if (read[v]) {
        renumbered[v] = kept.size();
        kept.add(node.rewired(input -> renumbered[input]));
      }
    }
    return new Network(kept, exits.stream().map(exit -> renumbered[exit]).toList());
  }
}
