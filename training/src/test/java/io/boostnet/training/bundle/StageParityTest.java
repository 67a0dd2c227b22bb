package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.boostnet.schema.ElementType;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.checkpoint.Tensor;
import io.boostnet.training.network.Architecture;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.Network;
import io.boostnet.training.network.Parameter;
import io.boostnet.training.torch.Torch;
import io.boostnet.training.torch.TorchNetwork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The exported stages against libtorch, for forms of the networks that no reference file covers.
 */
class StageParityTest {

  static final int CLASSES = 7;
  private static final int BATCH = 2;

  static Stream<Arguments> forms() {
    return Stream.of(
        Arguments.of(
            "imagenet form, four scales",
            "msdnet_ge",
            224,
            Map.of(
                "form",
                "imagenet",
                "nBlocks",
                "2",
                "base",
                "2",
                "step",
                "2",
                "nChannels",
                "4",
                "growthRate",
                "2",
                "grFactor",
                "1-2-4-4",
                "bnFactor",
                "1-2-4-4")),
        Arguments.of(
            "pruned early",
            "msdnet",
            32,
            Map.of(
                "nBlocks", "3", "base", "2", "prune", "min", "nChannels", "4", "growthRate", "2")),
        Arguments.of(
            "no bottleneck, no reduction",
            "msdnet",
            32,
            Map.of(
                "nBlocks",
                "2",
                "base",
                "2",
                "bottleneck",
                "false",
                "reduction",
                "0",
                "nChannels",
                "4",
                "growthRate",
                "2")),
        Arguments.of(
            "one exit, one scale",
            "msdnet",
            12,
            Map.of(
                "nBlocks",
                "1",
                "base",
                "2",
                "nChannels",
                "4",
                "growthRate",
                "2",
                "grFactor",
                "1",
                "bnFactor",
                "1")),
        Arguments.of(
            "imagenet form of RANet",
            "ranet",
            224,
            Map.of(
                "form",
                "imagenet",
                "nBlocks",
                "2",
                "step",
                "2",
                "nChannels",
                "8",
                "growthRate",
                "4",
                "scale-list",
                "1-2-3-4",
                "grFactor",
                "4-2-2-1",
                "bnFactor",
                "4-2-2-1")),
        Arguments.of("plain residual network", "resnet", 32, Map.of("depth", "14", "width", "4")),
        Arguments.of(
            "RANet of four sub-networks",
            "ranet",
            32,
            Map.of(
                "nBlocks",
                "2",
                "step",
                "2",
                "stepmode",
                "lin_grow",
                "nChannels",
                "8",
                "growthRate",
                "4",
                "scale-list",
                "1-2-3-3",
                "grFactor",
                "4-2-1-1",
                "bnFactor",
                "4-2-1-1")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void chain_equalsLibtorch(String form, String family, int size, Map<String, String> arguments) {
    Network network = new Architecture(family, arguments).network(size, size, CLASSES);
    int exits = network.exits().size();
    EnsembleWeights ensemble = EnsembleWeights.parse("0.4,0.8", exits);
    Random random = new Random(9);
    NamedTensors weights = randomWeights(network, random);
    float[] images = new float[BATCH * 3 * size * size];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    double[][] expected = libtorch(network, weights, ensemble, images);

    List<StageModel> stages = StageExport.export(network, weights, ensemble, ElementType.FLOAT);
    assertThat(stages).hasSize(exits);
    try (OnnxCascade cascade = new OnnxCascade(stages, 1)) {
      float[][] logits = cascade.logits(images, BATCH);
      for (int k = 0; k < exits; k++) {
        for (int i = 0; i < BATCH * CLASSES; i++) {
          assertThat((double) logits[k][i])
              .as("exit %d, logit %d", k + 1, i)
              .isCloseTo(
                  expected[k][i], Offset.offset(1e-4 * Math.max(1, Math.abs(expected[k][i]))));
        }
      }
    }
  }

  private static double[][] libtorch(
      Network network, NamedTensors weights, EnsembleWeights ensemble, float[] images) {
    double[][] logits = new double[network.exits().size()][];
    try (NDManager manager = Torch.open("cpu");
        TorchNetwork torch = new TorchNetwork(network, manager, 1);
        NDManager step = manager.newSubManager()) {
      Torch.setThreads(1);
      torch.load(weights);
      List<NDArray> heads = torch.heads(torch.images(step, images, BATCH), false);
      for (int k = 0; k < logits.length; k++) {
        float[] own = heads.get(k).toFloatArray();
        logits[k] = new double[own.length];
        for (int i = 0; i < own.length; i++) {
          logits[k][i] = own[i] + (k == 0 ? 0 : ensemble.at(k) * logits[k - 1][i]);
        }
      }
    }
    return logits;
  }

  /**
   * Every tensor different from what a fresh network has, so that none can be left out unnoticed.
   */
  static NamedTensors randomWeights(Network network, Random random) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters()) {
      float[] values = new float[(int) parameter.size()];
      double spread = 1 / Math.sqrt(parameter.size() / (double) parameter.shape().get(0));
      for (int i = 0; i < values.length; i++) {
        values[i] =
            (float)
                switch (parameter.role()) {
                  case CONV_WEIGHT, LINEAR_WEIGHT -> random.nextGaussian() * spread;
                  case NORM_SCALE, RUNNING_VARIANCE -> 0.5 + random.nextDouble();
                  case BIAS, NORM_SHIFT, RUNNING_MEAN -> random.nextGaussian() * 0.3;
                };
      }
      tensors.put(parameter.name(), new Tensor(parameter.shape(), values));
    }
    return new NamedTensors(tensors);
  }
}
