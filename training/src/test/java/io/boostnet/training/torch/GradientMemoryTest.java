package io.boostnet.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * What the backward pass reads must outlive the Java objects of the forward pass: arrays that DJL
 * creates from Java values lie in direct buffers, which the garbage collector may free in between.
 */
class GradientMemoryTest {

  private static final int MAPS = 64;

  @Test
  void scaledGradient_afterACollection_isScaledByTheFactor() {
    assertThat(gradientAcrossCollection(x -> TorchNetwork.scaleGradient(x, 0.25f)))
        .containsOnly(0.25f);
  }

  @Test
  void resizedGradient_afterACollection_isTheShareOfEachInput() {
    float[] gradient = gradientAcrossCollection(x -> Bilinear.resize(x, 4, 4));

    float[] expected = new float[MAPS * 4];
    Arrays.fill(expected, 4);
    assertThat(gradient).containsExactly(expected, Offset.offset(1e-5f));
  }

  private static float[] gradientAcrossCollection(UnaryOperator<NDArray> operation) {
    try (NDManager manager = Torch.open("cpu");
        GradientCollector gradients = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray x = manager.ones(new Shape(MAPS, 1, 2, 2));
      x.setRequiresGradient(true);
      NDArray sum = operation.apply(x).sum();
      overwriteFreedBuffers();
      gradients.backward(sum);
      return x.getGradient().toFloatArray();
    }
  }

  private static void overwriteFreedBuffers() {
    List<ByteBuffer> held = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      System.gc();
      for (int i = 0; i < 20_000; i++) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4 + 4 * (i % 9));
        for (int at = 0; at < buffer.capacity(); at += 4) {
          buffer.putFloat(at, 1e20f);
        }
        held.add(buffer);
      }
    }
    assertThat(held).isNotEmpty();
  }
}
