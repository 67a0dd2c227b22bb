package io.boostnet.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.checkpoint.Tensor;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.FeatureShape;
import io.boostnet.training.network.Network;
import io.boostnet.training.network.Node;
import io.boostnet.training.network.Parameter;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A network with its weights on libtorch.
 *
 * <p>Owns its tensors: close it. Used by one thread. Values made by a forward pass belong to the
 * manager of the image batch, so a manager per step, closed after it, keeps memory flat.
 */
public final class TorchNetwork implements AutoCloseable {

  private final Network network;
  private final ExecutionPlan training;
  private final ExecutionPlan inference;
  private final NDManager manager;
  private final Map<String, NDArray> tensors = new LinkedHashMap<>();

  /**
   * A network whose convolutions and linear layers are drawn from {@code U(-1/sqrt(n), 1/sqrt(n))}
   * with n the inputs of an output (PyTorch's default), biases 0 and batch normalisation the
   * identity.
   *
   * @param parent manager under which the weights live, on its device
   * @param seed of the draw; the same seed always gives the same weights
   */
  public TorchNetwork(Network network, NDManager parent, long seed) {
    this.network = network;
    this.training = ExecutionPlan.of(network);
    this.inference = ExecutionPlan.of(network.forInference());
    this.manager = parent.newSubManager();
    SplittableRandom random = new SplittableRandom(seed);
    for (Parameter parameter : network.parameters()) {
      tensors.put(parameter.name(), create(parameter, initial(parameter, random)));
    }
  }

  /** Weights as a new network has them, without keeping one. */
  public static NamedTensors drawWeights(Network network, long seed) {
    try (NDManager manager = Torch.open("cpu");
        TorchNetwork drawn = new TorchNetwork(network, manager, seed)) {
      return drawn.weights();
    }
  }

  /**
   * What a network says of images, without keeping it on libtorch.
   *
   * @param weights the network's tensors; those that it does not name are not used
   * @param ensemble one weight per exit
   * @param pixels {@code [batch][channel][row][column]}, normalised
   * @return ensemble logits of every exit, {@code [exit from 0][batch * classes]}
   */
  public static float[][] ensembleLogits(
      Network network, NamedTensors weights, EnsembleWeights ensemble, float[] pixels, int batch) {
    try (NDManager manager = Torch.open("cpu");
        TorchNetwork torch = new TorchNetwork(network, manager, 0);
        NDManager step = manager.newSubManager()) {
      torch.load(weights.matching(network.parameters(), weights.tensors().keySet()));
      List<NDArray> heads = torch.heads(torch.images(step, pixels, batch), false);
      return new Objective(ensemble)
          .ensemble(heads).stream().map(NDArray::toFloatArray).toArray(float[][]::new);
    }
  }

  /** The network this runs. */
  public Network network() {
    return network;
  }

  /** A trained parameter or running statistic, to read or to change in place; stays owned here. */
  public NDArray tensor(String name) {
    return tensors.get(name);
  }

  /** All weights and running statistics, copied. */
  public NamedTensors weights() {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters()) {
      copies.put(
          parameter.name(), new Tensor(parameter.shape(), tensor(parameter.name()).toFloatArray()));
    }
    return new NamedTensors(copies);
  }

  /**
   * Replaces all weights and running statistics.
   *
   * @throws io.boostnet.training.input.BadInputException if a tensor is missing or has another
   *     shape
   */
  public void load(NamedTensors weights) {
    NamedTensors own = weights.matching(network.parameters(), network.batchCounters());
    for (Parameter parameter : network.parameters()) {
      NDArray loaded = create(parameter, own.values(parameter.name()));
      tensors.put(parameter.name(), loaded).close();
    }
  }

  /**
   * A batch of images as {@link #heads} takes it.
   *
   * @param step manager that will own the batch and all that is computed from it
   * @param pixels {@code [batch][channel][row][column]}, normalised
   */
  public NDArray images(NDManager step, float[] pixels, int batch) {
    FeatureShape input = network.input();
    return step.create(
        FloatBuffer.wrap(pixels),
        new Shape(batch, input.channels(), input.height(), input.width()));
  }

  /**
   * Logits f_k of every exit head, each {@code [batch, classes]}; see {@link Objective} for the
   * ensemble.
   *
   * @param images from {@link #images}; closed with the other values by its manager
   * @param train whether batch normalisation uses the batch's own statistics and moves the running
   *     ones, and gradients are rescaled where the network says so
   */
  public List<NDArray> heads(NDArray images, boolean train) {
    ExecutionPlan plan = train ? training : inference;
    List<Node> nodes = plan.network().nodes();
    NDArray[] values = new NDArray[nodes.size()];
    values[0] = images;
    for (int v = 1; v < values.length; v++) {
      if (plan.together().containsKey(v)) {
        runTogether(plan.together().get(v), nodes, values);
      } else if (values[v] == null) {
        values[v] = run(nodes.get(v), values, train);
      }
      for (int input : nodes.get(v).inputs()) {
        if (plan.lastReader()[input] == v && input != 0 && values[input] != null) {
          values[input].close();
          values[input] = null;
        }
      }
    }
    List<NDArray> heads = new ArrayList<>();
    plan.network().exits().forEach(exit -> heads.add(values[exit]));
    return heads;
  }

  /** Runs 1 x 1 convolutions of one value as a single convolution. */
  private void runTogether(List<Integer> convolutions, List<Node> nodes, NDArray[] values) {
    PtNDArray[] weights = new PtNDArray[convolutions.size()];
    long[] channels = new long[weights.length];
    for (int i = 0; i < weights.length; i++) {
      Node.Conv2d conv = (Node.Conv2d) nodes.get(convolutions.get(i));
      weights[i] = pt(tensor(conv.weight()));
      channels[i] = conv.shape().channels();
    }
    NDArray input = values[nodes.get(convolutions.get(0)).inputs().get(0)];
    Shape one = new Shape(1, 1);
    try (PtNDArray weight = JniUtils.cat(weights, 0);
        PtNDArray outputs =
            JniUtils.convolution(pt(input), weight, null, one, new Shape(0, 0), one, 1);
        NDList parts = JniUtils.split(outputs, channels, 1)) {
      for (int i = 0; i < weights.length; i++) {
        // A copy by concatenation: batch normalisation is slow on a part, and duplicate() has no
        // gradient.
        values[convolutions.get(i)] = JniUtils.cat(new PtNDArray[] {pt(parts.get(i))}, 1);
      }
    }
  }

  private NDArray run(Node node, NDArray[] values, boolean train) {
    if (node instanceof Node.Conv2d conv) {
      return JniUtils.convolution(
          pt(values[conv.input()]),
          pt(tensor(conv.weight())),
          conv.bias() ? pt(tensor(conv.biasName())) : null,
          new Shape(conv.stride(), conv.stride()),
          new Shape(conv.padding(), conv.padding()),
          new Shape(1, 1),
          conv.groups());
    }
    if (node instanceof Node.BatchNorm norm) {
      return JniUtils.batchNorm(
          pt(values[norm.input()]),
          pt(tensor(norm.runningMean())),
          pt(tensor(norm.runningVariance())),
          pt(tensor(norm.scale())),
          pt(tensor(norm.shift())),
          train,
          Node.BatchNorm.MOMENTUM,
          Node.BatchNorm.EPSILON);
    }
    if (node instanceof Node.Relu relu) {
      return JniUtils.relu(pt(values[relu.input()]));
    }
    if (node instanceof Node.Add add) {
      return values[add.first()].add(values[add.second()]);
    }
    if (node instanceof Node.Concat concat) {
      PtNDArray[] inputs =
          concat.inputs().stream().map(input -> pt(values[input])).toArray(PtNDArray[]::new);
      return JniUtils.cat(inputs, 1);
    }
    if (node instanceof Node.MaxPool pool) {
      return JniUtils.maxPool(
          pt(values[pool.input()]),
          new Shape(pool.kernel(), pool.kernel()),
          new Shape(pool.stride(), pool.stride()),
          new Shape(pool.padding(), pool.padding()),
          false);
    }
    if (node instanceof Node.AvgPool pool) {
      Shape window = new Shape(pool.kernel(), pool.kernel());
      return JniUtils.avgPool(
          pt(values[pool.input()]), window, window, new Shape(0, 0), false, true);
    }
    if (node instanceof Node.Resize resize) {
      return Bilinear.resize(
          values[resize.input()], resize.shape().height(), resize.shape().width());
    }
    if (node instanceof Node.Linear linear) {
      try (NDArray flat = values[linear.input()].reshape(-1, linear.inFeatures())) {
        return JniUtils.linear(pt(flat), pt(tensor(linear.weight())), pt(tensor(linear.bias())));
      }
    }
    if (node instanceof Node.GradientScale scale) {
      return scaleGradient(values[scale.input()], (float) scale.factor());
    }
    throw new IllegalStateException("no libtorch operation for " + node);
  }

  /**
   * {@code s * x - stop(s * x) + stop(x)}: x to the last bit, and s times its gradient. The factor
   * is a tensor in libtorch's own memory, since the backward pass reads it: a Java number would lie
   * in a Java buffer that is gone by then, and the gradient would be scaled by whatever is there
   * instead.
   */
  static NDArray scaleGradient(NDArray x, float s) {
    try (NDArray factor = x.getManager().full(new Shape(1), s);
        NDArray share = x.mul(factor);
        NDArray stoppedShare = share.stopGradient();
        NDArray zero = share.sub(stoppedShare);
        NDArray stopped = x.stopGradient()) {
      return zero.add(stopped);
    }
  }

  private static PtNDArray pt(NDArray array) {
    return (PtNDArray) array;
  }

  private NDArray create(Parameter parameter, float[] values) {
    // A copy, since an array that DJL creates lies in a Java buffer and views of it do not keep
    // that alive.
    try (NDArray borrowed =
        manager.create(FloatBuffer.wrap(values), new Shape(parameter.shape()))) {
      NDArray tensor = borrowed.duplicate();
      tensor.setRequiresGradient(parameter.trained());
      return tensor;
    }
  }

  private static float[] initial(Parameter parameter, SplittableRandom random) {
    float[] values = new float[Math.toIntExact(parameter.size())];
    switch (parameter.role()) {
      case CONV_WEIGHT, LINEAR_WEIGHT -> {
        double bound = 1 / Math.sqrt(parameter.size() / (double) parameter.shape().get(0));
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextDouble(-bound, bound);
        }
      }
      case NORM_SCALE, RUNNING_VARIANCE -> Arrays.fill(values, 1);
      case BIAS, NORM_SHIFT, RUNNING_MEAN -> {}
    }
    return values;
  }

  @Override
  public void close() {
    manager.close();
  }
}
