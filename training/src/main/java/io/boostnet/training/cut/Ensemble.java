package io.boostnet.training.cut;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.boostnet.training.graph.Edit;
import io.boostnet.training.network.EnsembleWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds the arithmetic of the ensemble to a graph: {@code F_k = f_k + w_k * F_(k-1)}.
 *
 * @param model the graph with the sums
 * @param exits the values F_k
 */
public record Ensemble(ModelProto model, List<String> exits) {

  /**
   * Adds the exits up.
   *
   * @param exits the values f_k
   * @param weights w_k; an exit of weight 0 stays as it is
   */
  public static Ensemble of(ModelProto model, List<String> exits, EnsembleWeights weights) {
    Edit edit = new Edit(model);
    List<String> sums = new ArrayList<>(List.of(exits.get(0)));
    for (int k = 1; k < exits.size(); k++) {
      String sum = exits.get(k);
      if (weights.at(k) != 0) {
        String name = "ensemble_" + (k + 1);
        String weight = edit.floats(name + "_weight", new float[] {(float) weights.at(k)});
        String before = edit.node("Mul", name + "_before", List.of(sums.get(k - 1), weight));
        sum = edit.node("Add", name, List.of(sum, before));
      }
      sums.add(sum);
    }
    return new Ensemble(edit.model(), sums);
  }
}
