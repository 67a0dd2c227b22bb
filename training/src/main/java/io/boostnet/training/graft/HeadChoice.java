package io.boostnet.training.graft;

import ai.djl.ndarray.NDManager;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.graft.HeadLearner.Plan;
import io.boostnet.training.network.FeatureShape;
import io.boostnet.training.network.HeadNetwork;
import io.boostnet.training.network.HeadNetwork.Kind;
import io.boostnet.training.network.Network;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses a head for one cut: all forms that fit are trained, and of those whose accuracy on the
 * validation images is within one standard error of the best, the cheapest is taken (Breiman et
 * al., 1984); then its weight decay.
 */
final class HeadChoice {

  private static final List<HeadNetwork> FORMS =
      List.of(
          new HeadNetwork(Kind.LINEAR, 0),
          new HeadNetwork(Kind.GRID, 0),
          new HeadNetwork(Kind.HIDDEN, 128),
          new HeadNetwork(Kind.CONVOLUTIONAL, 64),
          new HeadNetwork(Kind.CONVOLUTIONAL, 128));

  private static final double STRONGER_DECAY = 5e-3;

  private final NDManager manager;
  private final Features training;
  private final Features validation;
  private final double weight;
  private final Plan plan;

  HeadChoice(NDManager manager, Features training, Features validation, double weight, Plan plan) {
    this.manager = manager;
    this.training = training;
    this.validation = validation;
    this.weight = weight;
    this.plan = plan;
  }

  /**
   * A head that was trained.
   *
   * @param form what it is
   * @param network as a network with one exit
   * @param weights its tensors
   * @param decay the weight decay it was trained with
   * @param accuracy share of the validation images that the ensemble up to it is right about
   * @param ensemble F_k of all images
   */
  record Head(
      HeadNetwork form,
      Network network,
      NamedTensors weights,
      double decay,
      double accuracy,
      Ensemble ensemble) {

    long macs() {
      return network.cumulativeMacs().get(0);
    }
  }

  /** F_k of the images of both splits. */
  record Ensemble(float[] training, float[] validation) {}

  /** What is told of every head that was trained. */
  interface Listener {
    void trained(Head head);
  }

  /**
   * @param cut number of the cut, from 0
   * @param before the ensemble before; null at the first exit
   */
  Head choose(int cut, FeatureShape shape, int classes, Ensemble before, Listener listener) {
    List<Head> heads = new ArrayList<>();
    for (HeadNetwork form : FORMS) {
      if (form.fits(shape)) {
        heads.add(train(cut, form, form.build(shape, classes), plan, before));
        listener.trained(heads.get(heads.size() - 1));
      }
    }
    double best = heads.stream().mapToDouble(Head::accuracy).max().orElseThrow();
    double error = Math.sqrt(best * (1 - best) / validation.images());
    Head chosen =
        heads.stream()
            .filter(head -> head.accuracy() >= best - error)
            .min(Comparator.comparingLong(Head::macs))
            .orElseThrow();
    Head stronger =
        train(cut, chosen.form(), chosen.network(), plan.withDecay(STRONGER_DECAY), before);
    listener.trained(stronger);
    return stronger.accuracy() > chosen.accuracy() ? stronger : chosen;
  }

  private Head train(int cut, HeadNetwork form, Network network, Plan plan, Ensemble before) {
    try (HeadLearner learner = new HeadLearner(network, manager, weight, plan)) {
      learner.learn(
          training.stores().get(cut),
          training.labels(),
          before == null ? null : before.training(),
          plan);
      float[] onTraining =
          learner.ensemble(
              training.stores().get(cut),
              training.images(),
              before == null ? null : before.training());
      float[] onValidation =
          learner.ensemble(
              validation.stores().get(cut),
              validation.images(),
              before == null ? null : before.validation());
      return new Head(
          form,
          network,
          learner.weights(),
          plan.decay(),
          accuracy(onValidation, validation.labels()),
          new Ensemble(onTraining, onValidation));
    }
  }

  private static double accuracy(float[] logits, int[] labels) {
    int classes = logits.length / labels.length;
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (logits[i * classes + c] > logits[i * classes + best]) {
          best = c;
        }
      }
      right += best == labels[i] ? 1 : 0;
    }
    return (double) right / labels.length;
  }
}
