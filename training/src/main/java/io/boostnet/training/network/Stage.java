package io.boostnet.training.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The part of a network between two exits: what one ONNX model of a bundle computes.
 *
 * <p>Its inputs are the values carried out of the stage before (stage 1: the image batch); it
 * restores those values that are only the first channels of a carried one, runs its nodes, and
 * hands on what later stages read. Carrying only the longest of a chain of concatenations matters
 * for RANet, where every layer's output holds the outputs of all layers before it.
 *
 * <p>Values passed through (read by a later stage but not by this one) are in {@code inputs} and in
 * {@code carried}.
 *
 * @param exit index of the exit that ends the stage, from 0
 * @param inputs values that enter, ascending; equal to {@code carried} of the stage before
 * @param restored values that this stage or its passing on needs, as the first channels of an input
 * @param nodes numbers of the nodes that run here, ascending, the head included
 * @param head value of this exit's logits f_k
 * @param carried values that leave to the next stage besides the logits, ascending; empty at the
 *     last stage. Each is an input, restored, or the output of one of {@code nodes}
 */
public record Stage(
    int exit,
    List<Integer> inputs,
    List<Prefix> restored,
    List<Integer> nodes,
    int head,
    List<Integer> carried) {

  /**
   * A value that is the first channels of another.
   *
   * @param value the value
   * @param of the longer value
   * @param channels number of its channels, from the first
   */
  public record Prefix(int value, int of, int channels) {}

  public Stage {
    inputs = List.copyOf(inputs);
    restored = List.copyOf(restored);
    nodes = List.copyOf(nodes);
    carried = List.copyOf(carried);
  }

  /**
   * Cuts a network at its exits.
   *
   * @param network as {@link Network#forInference()} gives it; values that no exit reads would be
   *     run for nothing
   */
  public static List<Stage> cut(Network network) {
    List<Stage> stages = new ArrayList<>();
    List<Integer> inputs = List.of(0);
    int first = 1;
    for (int k = 0; k < network.exits().size(); k++) {
      int head = network.exits().get(k);
      TreeSet<Integer> carried = readAfter(network, head);
      carried.removeAll(prefixesOf(network, carried).keySet());

      TreeSet<Integer> wanted = new TreeSet<>(carried);
      for (int v = first; v <= head; v++) {
        wanted.addAll(network.nodes().get(v).inputs());
      }
      wanted.removeAll(inputs);
      Map<Integer, Prefix> available = prefixesOf(network, inputs);
      List<Prefix> restored = wanted.headSet(first).stream().map(available::get).toList();

      List<Integer> run = IntStream.rangeClosed(first, head).boxed().toList();
      stages.add(new Stage(k, inputs, restored, run, head, List.copyOf(carried)));
      inputs = List.copyOf(carried);
      first = head + 1;
    }
    return List.copyOf(stages);
  }

  /** Values up to {@code last} that nodes after it read. */
  private static TreeSet<Integer> readAfter(Network network, int last) {
    TreeSet<Integer> read = new TreeSet<>();
    for (int v = last + 1; v < network.nodes().size(); v++) {
      network.nodes().get(v).inputs().stream().filter(input -> input <= last).forEach(read::add);
    }
    return read;
  }

  /**
   * What can be had as the first channels of one of {@code values}: a concatenation begins with its
   * first input, and so on down.
   */
  private static Map<Integer, Prefix> prefixesOf(Network network, Collection<Integer> values) {
    Map<Integer, Prefix> prefixes = new HashMap<>();
    for (int of : values) {
      int v = of;
      while (network.nodes().get(v) instanceof Node.Concat concat) {
        v = concat.inputs().get(0);
        prefixes.putIfAbsent(v, new Prefix(v, of, network.nodes().get(v).shape().channels()));
      }
    }
    return prefixes;
  }
}
