package io.boostnet.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BilinearTest {

  private static final Offset<Float> TOLERANCE = Offset.offset(1e-6f);

  @Test
  void resize_toALargerMap_keepsTheCornersAndInterpolatesBetween() {
    try (NDManager manager = Torch.open("cpu")) {
      NDArray map = manager.create(new float[] {0, 3, 6, 9}, new Shape(1, 1, 2, 2));

      float[] resized = Bilinear.resize(map, 4, 4).toFloatArray();

      assertThat(resized)
          .containsExactly(new float[] {0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7, 6, 7, 8, 9}, TOLERANCE);
    }
  }

  @Test
  void resize_toOnePixel_takesTheFirstCornerOfEachMap() {
    try (NDManager manager = Torch.open("cpu")) {
      NDArray maps = manager.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(1, 2, 2, 2));

      assertThat(Bilinear.resize(maps, 1, 1).toFloatArray())
          .containsExactly(new float[] {1, 5}, TOLERANCE);
    }
  }

  @Test
  void gradient_ofTheSum_isTheShareOfEachInputInTheOutputs() {
    try (NDManager manager = Torch.open("cpu");
        GradientCollector gradients = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray map = manager.create(new float[] {1, 2, 3}, new Shape(1, 1, 1, 3));
      map.setRequiresGradient(true);

      gradients.backward(Bilinear.resize(map, 1, 5).sum());

      assertThat(map.getGradient().toFloatArray())
          .containsExactly(new float[] {1.5f, 2, 1.5f}, TOLERANCE);
    }
  }
}
