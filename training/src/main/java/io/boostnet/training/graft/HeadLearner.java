package io.boostnet.training.graft;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.Network;
import io.boostnet.training.torch.Objective;
import io.boostnet.training.torch.Sgd;
import io.boostnet.training.torch.Torch;
import io.boostnet.training.torch.TorchNetwork;
import io.boostnet.training.train.Schedule;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One exit head that learns on features of the frozen network what the ensemble before it got
 * wrong: it minimises the cross entropy of {@code f_k + w * stop(F_(k-1))}, as the heads of a
 * BoostNet do, one head after the other since they share nothing that learns.
 *
 * <p>Owns its weights: close it. Used by one thread.
 */
final class HeadLearner implements AutoCloseable {

  private final NDManager manager;
  private final TorchNetwork network;
  private final Sgd optimiser;
  private final Objective objective;
  private final double weight;
  private final int classes;

  /**
   * How heads are trained.
   *
   * @param epochs passes over the features
   * @param batchSize images per step
   * @param rate learning rate at the start; it falls as half a cosine
   * @param decay weight decay
   * @param seed of weights and order
   */
  record Plan(int epochs, int batchSize, double rate, double decay, long seed) {

    Plan withDecay(double other) {
      return new Plan(epochs, batchSize, rate, other, seed);
    }
  }

  /**
   * @param head a network with one exit
   * @param weight w, of the ensemble before
   */
  HeadLearner(Network head, NDManager parent, double weight, Plan plan) {
    this.manager = parent.newSubManager();
    this.network = new TorchNetwork(head, manager, plan.seed());
    this.optimiser = new Sgd(network, manager, new Sgd.Settings(0.9, true, List.of(plan.decay())));
    this.objective = new Objective(new EnsembleWeights(List.of(0.0, weight)));
    this.weight = weight;
    this.classes = head.classes();
  }

  NamedTensors weights() {
    return network.weights();
  }

  /**
   * Learns from all features, as often as the plan says.
   *
   * @param before ensemble logits F_(k-1), {@code [image][class]}; null at the first exit
   */
  void learn(FeatureStore features, int[] labels, float[] before, Plan plan) {
    int batch = Math.min(plan.batchSize(), labels.length);
    int steps = labels.length / batch;
    Schedule schedule = new Schedule.Cosine(plan.rate());
    float[] rows = new float[batch * features.rowFloats()];
    float[] ensemble = new float[batch * classes];
    long[] classesOfRows = new long[batch];
    for (int epoch = 0; epoch < plan.epochs(); epoch++) {
      int[] order = order(labels.length, plan.seed() * 1_000_003 + epoch);
      for (int step = 0; step < steps; step++) {
        for (int i = 0; i < batch; i++) {
          int image = order[step * batch + i];
          features.read(image, rows, i * features.rowFloats());
          classesOfRows[i] = labels[image];
          if (before != null) {
            System.arraycopy(before, image * classes, ensemble, i * classes, classes);
          }
        }
        double rate = schedule.rate((long) epoch * steps + step, (long) plan.epochs() * steps);
        Torch.step(
            () -> {
              backward(rows, classesOfRows, before == null ? null : ensemble);
              optimiser.step(rate);
              return null;
            });
      }
    }
  }

  private void backward(float[] rows, long[] labels, float[] ensemble) {
    try (NDManager step = manager.newSubManager();
        GradientCollector gradients = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray classesOfRows = step.create(labels, new Shape(labels.length, 1));
      NDArray own = network.heads(network.images(step, rows, labels.length), true).get(0);
      List<NDArray> heads =
          ensemble == null
              ? List.of(own)
              : List.of(
                  step.create(FloatBuffer.wrap(ensemble), new Shape(labels.length, classes)), own);
      List<NDArray> sums = objective.ensemble(heads);
      List<NDArray> losses =
          Objective.losses(sums.subList(sums.size() - 1, sums.size()), classesOfRows);
      gradients.backward(losses.get(0));
    }
  }

  private static int[] order(int images, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[images];
    for (int i = 0; i < images; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /**
   * Ensemble logits F_k of all images, {@code [image][class]}.
   *
   * @param before F_(k-1); null at the first exit
   */
  float[] ensemble(FeatureStore features, int images, float[] before) {
    float[] logits = new float[images * classes];
    int size = 256;
    for (int first = 0; first < images; first += size) {
      int batch = Math.min(size, images - first);
      float[] rows = new float[batch * features.rowFloats()];
      for (int i = 0; i < batch; i++) {
        features.read(first + i, rows, i * features.rowFloats());
      }
      float[] own = Torch.step(() -> logits(rows, batch));
      for (int i = 0; i < own.length; i++) {
        int at = first * classes + i;
        logits[at] = own[i] + (before == null ? 0 : (float) weight * before[at]);
      }
    }
    return logits;
  }

  private float[] logits(float[] rows, int images) {
    try (NDManager step = manager.newSubManager()) {
      return network.heads(network.images(step, rows, images), false).get(0).toFloatArray();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
