package io.boostnet.training.torch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import java.nio.FloatBuffer;

/** A convolution by libtorch, as {@link TorchNetwork} calls it. */
record TorchConvolution(Engine engine) implements Convolution {

  @Override
  public Result compute(Size size, float[] input, float[] kernel, float[] weighting) {
    int side = size.outputSide();
    try (NDManager manager = engine.newBaseManager();
        GradientCollector gradients = engine.newGradientCollector()) {
      NDArray x = tensor(manager, input, size.batch(), size.channels(), size.side(), size.side());
      NDArray w =
          tensor(manager, kernel, size.outputs(), size.channels(), Size.KERNEL, Size.KERNEL);
      NDArray g = tensor(manager, weighting, size.batch(), size.outputs(), side, side);
      x.setRequiresGradient(true);
      w.setRequiresGradient(true);
      Shape one = new Shape(1, 1);
      NDArray y =
          JniUtils.convolution(
              (PtNDArray) x,
              (PtNDArray) w,
              null,
              new Shape(size.stride(), size.stride()),
              one,
              one,
              1);
      gradients.backward(y.mul(g).sum());
      return new Result(
          y.toFloatArray(), x.getGradient().toFloatArray(), w.getGradient().toFloatArray());
    }
  }

  /** A copy in libtorch's own memory, since the backward pass reads it. */
  private static NDArray tensor(NDManager manager, float[] values, long... shape) {
    try (NDArray borrowed = manager.create(FloatBuffer.wrap(values), new Shape(shape))) {
      return borrowed.duplicate();
    }
  }
}
