package io.boostnet.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.boostnet.training.network.Network;
import io.boostnet.training.network.Node;
import io.boostnet.training.network.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent as PyTorch's: {@code d = g + decay * w; v = momentum * v + d; w -=
 * rate * (nesterov ? d + momentum * v : v)}.
 *
 * <p>The momentum v belongs to this object: close it. It is part of a checkpoint. Used by one
 * thread.
 */
public final class Sgd implements AutoCloseable {

  private final TorchNetwork network;
  private final Settings settings;
  private final NDManager manager;
  private final Map<Parameter, Slot> slots = new LinkedHashMap<>();

  /** Momentum and decay of one parameter. */
  private record Slot(NDArray velocity, float decay) {}

  /**
   * How it steps.
   *
   * @param momentum 0 or more and below 1
   * @param nesterov whether a step looks ahead along the momentum
   * @param decay weight decay of the parameters of each exit's block and head, one per exit
   */
  public record Settings(double momentum, boolean nesterov, List<Double> decay) {
    public Settings {
      decay = List.copyOf(decay);
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException(
            "momentum is " + momentum + "; it must be 0 or more and below 1");
      }
      for (double value : decay) {
        if (!(value >= 0 && value < 1)) {
          throw new IllegalArgumentException(
              "weight-decay is " + value + "; it must be 0 or more and below 1");
        }
      }
    }
  }

  /**
   * An optimiser at rest.
   *
   * @param network whose parameters it changes
   * @param parent manager under which the momentum lives
   */
  public Sgd(TorchNetwork network, NDManager parent, Settings settings) {
    this.network = network;
    this.settings = settings;
    this.manager = parent.newSubManager();
    Network description = network.network();
    int exit = 0;
    for (int v = 0; v < description.nodes().size(); v++) {
      Node node = description.nodes().get(v);
      if (v > description.exits().get(exit)) {
        exit++;
      }
      for (Parameter parameter : node.parameters()) {
        if (parameter.trained()) {
          NDArray tensor = network.tensor(parameter.name());
          NDArray velocity = tensor.zerosLike();
          velocity.attach(manager);
          slots.put(parameter, new Slot(velocity, settings.decay().get(exit).floatValue()));
        }
      }
    }
  }

  /** Parameters that have a momentum, in the network's order. */
  public List<Parameter> parameters() {
    return new ArrayList<>(slots.keySet());
  }

  /** Momentum of a parameter in PyTorch's order. */
  public float[] velocity(Parameter parameter) {
    return slots.get(parameter).velocity().toFloatArray();
  }

  /** Sets the momentum of a parameter. */
  public void setVelocity(Parameter parameter, float[] values) {
    Slot slot = slots.get(parameter);
    try (NDArray array = manager.create(values, slot.velocity().getShape())) {
      slot.velocity().muli(0).addi(array);
    }
  }

  /** Gradient of a parameter after the last backward pass, in PyTorch's order. */
  public float[] gradient(Parameter parameter) {
    try (NDArray gradient = network.tensor(parameter.name()).getGradient()) {
      return gradient.toFloatArray();
    }
  }

  /** Changes every parameter by its gradient and sets the gradient to zero. */
  public void step(double rate) {
    try (NDManager temporary = manager.newSubManager()) {
      slots.forEach(
          (parameter, slot) -> {
            NDArray weight = network.tensor(parameter.name());
            SgdUpdate.apply(
                temporary, weight, slot.velocity(), settings, slot.decay(), (float) rate);
            JniUtils.zeroGrad((PtNDArray) weight);
          });
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
