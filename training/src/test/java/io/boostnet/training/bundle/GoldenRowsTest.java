package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.schema.ElementType;
import io.boostnet.schema.GoldenRow;
import io.boostnet.schema.GoldenSpec;
import io.boostnet.schema.ManifestJson;
import io.boostnet.schema.ModelManifest;
import io.boostnet.training.Main;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.checkpoint.ReferenceTensors;
import io.boostnet.training.checkpoint.Tensor;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.input.Sha256;
import io.boostnet.training.network.Network;
import io.boostnet.training.network.Parameter;
import io.boostnet.training.network.ReferenceNetworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.specific.SpecificDatumReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bundle is given to prove itself with, and what it is compared with beforehand. */
class GoldenRowsTest {

  private static final ReferenceNetworks REFERENCE =
      ReferenceNetworks.load("msdnet-cifar100-n4-c8-g4");
  private static final float[][] NOISE =
      GoldenRows.inputs(Optional.empty(), InputFormat.cifar100(), GoldenRows.COUNT);

  @TempDir Path temp;

  @Test
  void rows_holdWhatEveryExitSaysAlsoInABatch() throws IOException {
    BundleContent content = content(ElementType.FLOAT, ReferenceTensors.weights(REFERENCE));
    List<StageModel> stages = content.staged().stages();
    GoldenRows golden = GoldenRows.of(stages, NOISE);
    GoldenSpec spec = golden.write(temp);

    Path file = temp.resolve(spec.getFile());
    assertThat(spec.getSha256()).isEqualTo(Sha256.ofFiles(List.of(file)));
    float[] images = new float[GoldenRows.COUNT * NOISE[0].length];
    List<GoldenRow> rows = new ArrayList<>();
    try (DataFileReader<GoldenRow> reader =
        new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(GoldenRow.class))) {
      for (GoldenRow row : reader) {
        for (int i = 0; i < NOISE[0].length; i++) {
          images[rows.size() * NOISE[0].length + i] = row.getInput().get(i);
        }
        rows.add(row);
      }
    }
    assertThat(rows).hasSize(GoldenRows.COUNT);
    try (OnnxCascade cascade = new OnnxCascade(stages, 1)) {
      float[][] logits = cascade.logits(images, rows.size());
      for (int i = 0; i < rows.size() * 400; i++) {
        int row = i / 400;
        int exit = i % 400 / 100;
        int label = i % 100;
        assertThat((double) logits[exit][row * 100 + label])
            .isBetween(
                rows.get(row).getLogits().get(exit).get(label) - spec.getTolerance(),
                rows.get(row).getLogits().get(exit).get(label) + spec.getTolerance());
      }
    }
  }

  @Test
  void tolerance_ofStagesIn16Bits_isTheirOwn() {
    NamedTensors weights = ReferenceTensors.weights(REFERENCE);
    GoldenRows full = GoldenRows.of(content(ElementType.FLOAT, weights).staged().stages(), NOISE);
    GoldenRows half = GoldenRows.of(content(ElementType.FLOAT16, weights).staged().stages(), NOISE);
    assertThat(full.tolerance()).isBetween(1e-8, 1e-5);
    assertThat(half.tolerance()).isBetween(5 * full.tolerance(), 1e-2);
    assertThat(full.reason()).contains("kernels of ONNX Runtime differ");
  }

  @Test
  void stagesOfOtherWeightsThanTheNetworks_areRefusedBeforeAnythingIsWritten() {
    NamedTensors weights = ReferenceTensors.weights(REFERENCE);
    for (ElementType storage : List.of(ElementType.FLOAT, ElementType.FLOAT16)) {
      BundleContent content = content(storage, weights);
      List<StageModel> stages = content.staged().stages();
      LibtorchParity.require(content, stages, NOISE);
      BundleContent other = content(storage, withOneKernelLarger(weights));
      assertThatThrownBy(() -> LibtorchParity.require(other, stages, NOISE))
          .as("%s", storage)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("At exit 2")
          .hasMessageContaining("nothing was written");
    }
  }

  @Test
  void golden_ofABundleThatHasNone_addsThem_andOnceOnly() throws IOException {
    Path bundle = temp.resolve("bundle");
    assertThat(
            Main.run(
                "import --random-weights 1 --arch msdnet --nBlocks 1 --base 2 --nChannels 4 --growthRate 2 --dataset cifar10 --output "
                    .concat(bundle.toString())
                    .split(" ")))
        .isZero();
    BundleFolder folder = new BundleFolder(bundle);
    ModelManifest made = folder.manifest();
    assertThat(made.getFormatVersion()).isEqualTo(ManifestJson.FORMAT_VERSION);
    assertThat(Main.run("golden", bundle.toString())).isEqualTo(2);

    Files.delete(bundle.resolve(GoldenRows.FILE));
    folder.write(ModelManifest.newBuilder(made).setGolden(new GoldenSpec("", "", 0.0, "")).build());
    assertThat(Main.run("golden", bundle.toString())).isZero();
    assertThat(folder.manifest()).isEqualTo(made);
    assertThat(bundle.resolve(GoldenRows.FILE)).isRegularFile();

    Files.write(bundle.resolve("stage-1.onnx"), new byte[1]);
    assertThatThrownBy(folder::stages)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("stage-1.onnx");
  }

  private static BundleContent content(ElementType storage, NamedTensors weights) {
    Network network = REFERENCE.network();
    return new BundleContent(
        "reference",
        "1",
        REFERENCE.architecture(),
        network,
        weights,
        REFERENCE.weights(),
        IntStream.range(0, network.classes()).mapToObj(String::valueOf).toList(),
        InputFormat.cifar100(),
        storage,
        Provenances.begin("test").build());
  }

  /** As if a library computed a convolution before the second exit wrongly. */
  private static NamedTensors withOneKernelLarger(NamedTensors weights) {
    Map<String, Tensor> changed = new LinkedHashMap<>(weights.tensors());
    Parameter kernel =
        REFERENCE.network().parameters().stream()
            .filter(parameter -> parameter.name().equals("classifier.1.m.0.net.0.weight"))
            .findFirst()
            .orElseThrow();
    float[] values = weights.values(kernel.name()).clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= 2;
    }
    changed.put(kernel.name(), new Tensor(kernel.shape(), values));
    return new NamedTensors(changed);
  }
}
