package io.boostnet.training.bundle.quantize;

import io.boostnet.training.network.Node;
import io.boostnet.training.network.Stage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which kernels of a stage are run as one. The layers of MSDNet each take what is there of a scale
 * down to the next with a 1 x 1 and a strided 3 x 3; what they read are longer and longer lists of
 * the same channels, so that all of them can be run once on the longest.
 */
final class Stacks {

  private Stacks() {}

  /** The stacks of a stage, each under the values of all its kernels. */
  static Map<Integer, List<Kernel>> of(Layers layers, Stage stage) {
    List<Integer> downs =
        new ArrayList<>(stage.nodes().stream().filter(v -> down(layers, stage, v)).toList());
    downs.sort(Comparator.comparingInt((Integer v) -> -narrow(layers, v).inputs().size()));
    Map<Integer, List<Kernel>> stacks = new HashMap<>();
    for (int longest : downs) {
      if (stacks.containsKey(longest)) {
        continue;
      }
      Set<Channel> read = new HashSet<>(narrow(layers, longest).inputs());
      BitSet before = layers.ancestors(layers.source(longest));
      List<Kernel> stack = new ArrayList<>();
      for (int v : downs) {
        boolean fits =
            !stacks.containsKey(v)
                && layers.shape(v).height() == layers.shape(longest).height()
                && layers.shape(v).width() == layers.shape(longest).width()
                && read.containsAll(narrow(layers, v).inputs())
                && !before.get(v);
        if (fits) {
          stack.add(0, layers.kernel(v));
        }
      }
      if (stack.size() > 1) {
        stack.forEach(kernel -> stacks.put(kernel.value(), stack));
      }
    }
    return stacks;
  }

  /** A strided 3 x 3 on a 1 x 1 that nothing else reads, both of this stage. */
  private static boolean down(Layers layers, Stage stage, int value) {
    if (!(layers.node(value) instanceof Node.Relu)) {
      return false;
    }
    Kernel kernel = layers.kernel(value);
    int source = layers.source(value);
    Kernel narrow = layers.kernel(source);
    return kernel.size() == 3
        && kernel.stride() == 2
        && narrow != null
        && narrow.size() == 1
        && layers.readers(source) == 1
        && stage.nodes().contains(source);
  }

  private static Kernel narrow(Layers layers, int value) {
    return layers.kernel(layers.source(value));
  }
}
