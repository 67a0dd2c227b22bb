package io.boostnet.training.torch;

import ai.djl.ndarray.NDArray;
import io.boostnet.training.network.EnsembleWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * What training minimises: the sum over the exits of the cross entropy of {@code f_k + w_k *
 * stop(F_{k-1})}, with {@code F_k = f_k + w_k * F_{k-1}} (Yu et al., AAAI 2023). Each exit so
 * learns what the ensemble before it got wrong, as in gradient boosting; no gradient flows into the
 * earlier heads through the ensemble. With all weights 0 every head is trained on its own: joint
 * training.
 */
public final class Objective {

  private final EnsembleWeights weights;

  public Objective(EnsembleWeights weights) {
    this.weights = weights;
  }

  /**
   * Ensemble logits F_k from head logits f_k, each {@code [batch, classes]}; gradients reach f_k
   * only.
   *
   * @param heads f_k of every exit, in order
   */
  public List<NDArray> ensemble(List<NDArray> heads) {
    List<NDArray> ensemble = new ArrayList<>();
    ensemble.add(heads.get(0));
    for (int k = 1; k < heads.size(); k++) {
      float weight = (float) weights.at(k);
      if (weight == 0) {
        ensemble.add(heads.get(k));
      } else {
        try (NDArray before = ensemble.get(k - 1).stopGradient();
            NDArray weighted = before.mul(weight)) {
          ensemble.add(heads.get(k).add(weighted));
        }
      }
    }
    return ensemble;
  }

  /**
   * Mean cross entropy of each exit, scalars.
   *
   * @param ensemble from {@link #ensemble}
   * @param labels class of each image, int64 of {@code [batch, 1]}
   */
  public static List<NDArray> losses(List<NDArray> ensemble, NDArray labels) {
    List<NDArray> losses = new ArrayList<>();
    for (NDArray logits : ensemble) {
      try (NDArray logProbabilities = logits.logSoftmax(1);
          NDArray ofLabel = logProbabilities.gather(labels, 1);
          NDArray mean = ofLabel.mean()) {
        losses.add(mean.neg());
      }
    }
    return losses;
  }
}
