package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.schema.ElementType;
import io.boostnet.schema.TensorSpec;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.bundle.quantize.CalibrationImages;
import io.boostnet.training.bundle.quantize.Quantizer;
import io.boostnet.training.network.Architecture;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The 8-bit stages beside those that they were made from, for every form of the networks. That
 * folding is exact the quantizer checks itself, for every form here.
 */
class QuantizerTest {

  private static final int IMAGES = 8;

  static Stream<Arguments> forms() {
    return StageParityTest.forms().filter(form -> !form.get()[1].equals("resnet"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void quantizedStages_sayNearlyTheSame(
      String form, String family, int size, Map<String, String> arguments) {
    Quantized stages = Quantized.of(family, size, arguments);
    assertThat(stages.bytes).hasSameSizeAs(stages.plain);
    assertThat(carried(stages.bytes)).allMatch(type -> type == ElementType.UINT8);
    float[][] expected = stages.logits(stages.plain, IMAGES);
    float[][] found = stages.logits(stages.bytes, IMAGES);
    for (int exit = 0; exit < expected.length; exit++) {
      double[] typical = typical(expected[exit]);
      double error = error(expected[exit], found[exit]);
      assertThat(error / distance(expected[exit], new double[typical.length]))
          .as("error at exit %d, as a share of the logits", exit + 1)
          .isLessThan(0.2);
      // Deeper in a network of random weights all images look alike.
      if (exit < 2) {
        assertThat(error / distance(expected[exit], typical))
            .as("error at exit %d, as a share of what the images differ by", exit + 1)
            .isLessThan(0.5);
      }
    }
  }

  @Test
  void quantizedStages_giveTheSameBitsInEveryBatch() {
    Quantized stages = Quantized.of("msdnet_ge", 32, SMALL);
    float[][] together = stages.logits(stages.bytes, IMAGES);
    float[][] alone = stages.logits(stages.bytes, 1);
    for (int exit = 0; exit < together.length; exit++) {
      assertThat(alone[exit]).isEqualTo(together[exit]);
    }
  }

  @Test
  void stagesThatAreNotOfTheNetwork_areRefused() {
    Quantized stages = Quantized.of("msdnet_ge", 32, SMALL);
    Network other =
        new Architecture("ranet", Map.of("step", "2")).network(32, 32, StageParityTest.CLASSES);
    assertThatThrownBy(() -> Quantizer.quantize(other, stages.plain, stages, 1))
        .hasMessageContaining("not exported by this project from the network");
  }

  @Test
  void networkWithLayersOfOtherKinds_isRefused() {
    assertThatThrownBy(() -> Quantized.of("resnet", 32, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no 8-bit form is known");
  }

  private static final Map<String, String> SMALL =
      Map.of("nBlocks", "2", "base", "2", "step", "1", "nChannels", "8", "growthRate", "4");

  private static List<ElementType> carried(List<StageModel> stages) {
    return stages.stream()
        .flatMap(stage -> stage.outputs().stream())
        .filter(output -> !output.getName().equals(StageModel.LOGITS))
        .map(TensorSpec::getElementType)
        .toList();
  }

  /** The mean logits of the images. */
  private static double[] typical(float[] logits) {
    double[] mean = new double[StageParityTest.CLASSES];
    for (int i = 0; i < logits.length; i++) {
      mean[i % mean.length] += logits[i] / (double) IMAGES;
    }
    return mean;
  }

  private static double distance(float[] logits, double[] from) {
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      sum += Math.pow(logits[i] - from[i % from.length], 2);
    }
    return Math.sqrt(sum);
  }

  private static double error(float[] expected, float[] found) {
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      sum += Math.pow(found[i] - expected[i], 2);
    }
    return Math.sqrt(sum);
  }

  /** A network of random weights with its stages in both forms, and the images that it is fed. */
  private record Quantized(List<StageModel> plain, List<StageModel> bytes, float[] images)
      implements CalibrationImages {

    static Quantized of(String family, int size, Map<String, String> arguments) {
      Network network =
          new Architecture(family, arguments).network(size, size, StageParityTest.CLASSES);
      Random random = new Random(9);
      List<StageModel> plain =
          StageExport.export(
              network,
              StageParityTest.randomWeights(network, random),
              EnsembleWeights.parse("0.4,0.8", network.exits().size()),
              ElementType.FLOAT);
      float[] images = new float[IMAGES * 3 * size * size];
      for (int i = 0; i < images.length; i++) {
        images[i] = (float) random.nextGaussian();
      }
      Quantized known = new Quantized(plain, List.of(), images);
      return new Quantized(plain, Quantizer.quantize(network, plain, known, 1), images);
    }

    @Override
    public int size() {
      return IMAGES;
    }

    @Override
    public float[] tensors(int from, int count) {
      int image = images.length / IMAGES;
      return Arrays.copyOfRange(images, from * image, (from + count) * image);
    }

    /** Logits of all images by exit, run in batches of so many. */
    float[][] logits(List<StageModel> stages, int batch) {
      float[][] all = new float[stages.size()][IMAGES * StageParityTest.CLASSES];
      try (OnnxCascade cascade = new OnnxCascade(stages, 1)) {
        for (int from = 0; from < IMAGES; from += batch) {
          float[][] logits = cascade.logits(tensors(from, batch), batch);
          for (int exit = 0; exit < all.length; exit++) {
            System.arraycopy(
                logits[exit], 0, all[exit], from * StageParityTest.CLASSES, logits[exit].length);
          }
        }
      }
      return all;
    }
  }
}
