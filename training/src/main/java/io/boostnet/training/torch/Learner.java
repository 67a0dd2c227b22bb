package io.boostnet.training.torch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.Network;
import java.util.List;

/**
 * A network that learns: its weights, its optimiser and its objective, one batch at a time.
 *
 * <p>Owns weights and momentum: close it. Everything else that a batch makes in native memory is
 * freed when its call ends. Used by one thread; only one learner at a time in a JVM may learn.
 */
public final class Learner implements AutoCloseable {

  private final NDManager manager;
  private final TorchNetwork network;
  private final Objective objective;
  private final Sgd optimiser;

  /**
   * What a batch gave.
   *
   * @param losses per exit, mean cross entropy of the ensemble F_k
   * @param correct per exit, images whose class has the largest logit
   */
  public record Outcome(double[] losses, long[] correct) {}

  /**
   * A network with fresh weights.
   *
   * @param parent manager under which everything lives, on its device
   * @param seed of the weights
   * @param ensemble weights of the objective, one per exit
   * @param settings of the optimiser
   */
  public Learner(
      Network description,
      NDManager parent,
      long seed,
      EnsembleWeights ensemble,
      Sgd.Settings settings) {
    this.manager = parent.newSubManager();
    this.network = new TorchNetwork(description, manager, seed);
    this.objective = new Objective(ensemble);
    this.optimiser = new Sgd(network, manager, settings);
  }

  /** The network with its weights. */
  public TorchNetwork network() {
    return network;
  }

  /** The optimiser with its momentum. */
  public Sgd optimiser() {
    return optimiser;
  }

  /**
   * Learns from a batch.
   *
   * @param pixels {@code [batch][channel][row][column]}, normalised
   * @param labels class of each image
   * @param rate learning rate
   */
  public Outcome learn(float[] pixels, long[] labels, double rate) {
    return Torch.step(
        () -> {
          Outcome outcome = backward(pixels, labels);
          optimiser.step(rate);
          return outcome;
        });
  }

  /** Adds the gradients of a batch to the parameters' without a step. */
  public Outcome backward(float[] pixels, long[] labels) {
    try (NDManager step = manager.newSubManager();
        GradientCollector gradients = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray classes = step.create(labels, new Shape(labels.length, 1));
      NDArray images = network.images(step, pixels, labels.length);
      List<NDArray> ensemble = objective.ensemble(network.heads(images, true));
      List<NDArray> losses = Objective.losses(ensemble, classes);
      NDArray sum = losses.get(0);
      for (int k = 1; k < losses.size(); k++) {
        sum = sum.add(losses.get(k));
      }
      gradients.backward(sum);
      return outcome(ensemble, losses, classes);
    }
  }

  /** Measures a batch with the running statistics; changes nothing. */
  public Outcome measure(float[] pixels, long[] labels) {
    return Torch.step(() -> measured(pixels, labels));
  }

  private Outcome measured(float[] pixels, long[] labels) {
    try (NDManager step = manager.newSubManager()) {
      NDArray classes = step.create(labels, new Shape(labels.length, 1));
      List<NDArray> ensemble =
          objective.ensemble(network.heads(network.images(step, pixels, labels.length), false));
      return outcome(ensemble, Objective.losses(ensemble, classes), classes);
    }
  }

  private static Outcome outcome(List<NDArray> ensemble, List<NDArray> losses, NDArray classes) {
    double[] values = new double[losses.size()];
    long[] correct = new long[losses.size()];
    try (NDArray flat = classes.flatten()) {
      for (int k = 0; k < values.length; k++) {
        values[k] = losses.get(k).getFloat();
        try (NDArray predicted = ensemble.get(k).argMax(1);
            NDArray right = predicted.eq(flat);
            NDArray count = right.sum()) {
          correct[k] = count.getLong();
        }
      }
    }
    return new Outcome(values, correct);
  }

  @Override
  public void close() {
    manager.close();
  }
}
