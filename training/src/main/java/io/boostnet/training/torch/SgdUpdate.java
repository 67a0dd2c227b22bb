package io.boostnet.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** The arithmetic of {@link Sgd} on one tensor. */
final class SgdUpdate {

  private SgdUpdate() {}

  /**
   * Changes a weight by its gradient, and the velocity with it.
   *
   * @param temporary owns what is made on the way, the gradient included
   */
  static void apply(
      NDManager temporary,
      NDArray weight,
      NDArray velocity,
      Sgd.Settings settings,
      float decay,
      float rate) {
    float momentum = (float) settings.momentum();
    NDArray gradient = weight.getGradient();
    gradient.attach(temporary);
    NDArray decayed = weight.mul(decay);
    decayed.attach(temporary);
    gradient.addi(decayed);
    velocity.muli(momentum).addi(gradient);
    NDArray direction = velocity.mul(settings.nesterov() ? momentum : 1f);
    direction.attach(temporary);
    if (settings.nesterov()) {
      direction.addi(gradient);
    }
    weight.subi(direction.muli(rate));
  }
}
