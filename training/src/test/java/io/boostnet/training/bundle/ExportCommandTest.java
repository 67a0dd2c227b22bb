package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.schema.ElementType;
import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.StageManifest;
import io.boostnet.schema.StageVariant;
import io.boostnet.training.Main;
import io.boostnet.training.data.DataFixtures;
import io.boostnet.training.input.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temp;

  @Test
  void run_thatIsDone_becomesABundleThatMeasuresWhatTheTrainerMeasured() throws IOException {
    Path data = DataFixtures.tracks(temp.resolve("signs"), List.of(10, 10, 10), 6, 14, 12);
    Path run = train(data);
    Path bundle = temp.resolve("bundle");
    Path names = Files.write(temp.resolve("names.txt"), List.of("stop", "yield", "priority"));
    assertThat(
            Main.run(
                "export",
                run.toString(),
                "--data",
                data.toString(),
                "--labels",
                names.toString(),
                "--threads",
                "1",
                "--output",
                bundle.toString()))
        .isZero();

    JsonNode manifest = JSON.readTree(bundle.resolve("manifest.json").toFile());
    assertThat(manifest.get("labels").get(2).asText()).isEqualTo("priority");
    JsonNode provenance = manifest.get("provenance");
    assertThat(provenance.get("origin").asText()).isEqualTo("trained");
    assertThat(provenance.get("dataSha256").asText()).hasSize(64);
    assertThat(provenance.get("seed").asLong()).isEqualTo(7);
    assertThat(provenance.get("configuration").get("objective").asText()).isEqualTo("boosted");
    assertThat(provenance.get("libraries").has("libtorch")).isTrue();

    List<String> epochs = Files.readAllLines(run.resolve("metrics.jsonl"));
    JsonNode trained = JSON.readTree(epochs.get(epochs.size() - 1)).get("validationAccuracy");
    JsonNode exits = JSON.readTree(bundle.resolve("evaluation.json").toFile()).get("exits");
    assertThat(exits).hasSize(2);
    for (int k = 0; k < 2; k++) {
      assertThat(exits.get(k).get("calibrationAccuracy").asDouble())
          .as("exit %d in ONNX Runtime and in libtorch", k + 1)
          .isCloseTo(trained.get(k).asDouble(), Offset.offset(1e-9));
    }
  }

  @Test
  void bundle_quantized_holdsBothFormsWithWhatWasMeasuredOfEach() throws IOException {
    Path data = DataFixtures.tracks(temp.resolve("signs"), List.of(10, 10, 10), 6, 14, 12);
    Path run = train(data);
    Path bundle = temp.resolve("bundle");
    String[] export = {
      "export",
      run.toString(),
      "--data",
      data.toString(),
      "--threads",
      "1",
      "--quantize",
      "int8",
      "--output",
      bundle.toString()
    };
    assertThat(Main.run(export)).isZero();

    BundleFolder folder = new BundleFolder(bundle);
    ModelManifest manifest = folder.manifest();
    StageVariant variant = manifest.getVariants().get(0);
    assertThat(variant.getStages()).hasSameSizeAs(manifest.getStages());
    assertThat(variant.getStages().get(0).getOutputs().get(0).getElementType())
        .isEqualTo(ElementType.UINT8);
    assertThat(variant.getStages().get(0).getInputs())
        .isEqualTo(manifest.getStages().get(0).getInputs());
    for (StageManifest stage : variant.getStages()) {
      byte[] onnx = Files.readAllBytes(bundle.resolve(stage.getFile()));
      assertThat(Sha256.of(onnx)).isEqualTo(stage.getSha256());
    }
    assertThat(bundle.resolve(variant.getCalibration())).isNotEmptyFile();
    assertThat(bundle.resolve(variant.getGolden().getFile())).isNotEmptyFile();
    JsonNode exits = JSON.readTree(bundle.resolve(variant.getEvaluation()).toFile()).get("exits");
    assertThat(exits).hasSize(2);

    assertThat(Main.run("quantize", bundle.toString(), "--data", data.toString())).isZero();
    assertThat(folder.manifest().getVariants()).hasSize(1);
    assertThat(folder.manifest().getVariants().get(0).getStages())
        .as("made again")
        .isEqualTo(variant.getStages());
  }

  @Test
  void run_onOtherDataOrNoneOrNotDone_endsWithCode2_unlessAskedFor() throws IOException {
    Path data = DataFixtures.tracks(temp.resolve("signs"), List.of(10, 10), 4, 12, 12);
    Path run = train(data);
    Path bundle = temp.resolve("bundle");
    assertThat(export(temp.resolve("nothing"), data, bundle)).isEqualTo(2);

    Path other = DataFixtures.tracks(temp.resolve("other"), List.of(10, 11), 4, 12, 12);
    assertThat(export(run, other, bundle)).isEqualTo(2);

    Files.delete(run.resolve("weights.safetensors"));
    assertThat(export(run, data, bundle)).isEqualTo(2);
    assertThat(bundle).doesNotExist();
    assertThat(
            Main.run(
                "export",
                run.toString(),
                "--data",
                data.toString(),
                "--output",
                bundle.toString(),
                "--unfinished"))
        .isZero();
  }

  @Test
  void exits_keepsTheFirstOnesAsTheyAre() throws IOException {
    Path data = DataFixtures.tracks(temp.resolve("signs"), List.of(10, 10), 6, 14, 12);
    Path run = train(data);
    Path whole = temp.resolve("whole");
    Path first = temp.resolve("first");
    assertThat(export(run, data, whole)).isZero();
    assertThat(export(run, data, first, "--exits", "1")).isZero();

    JsonNode exits = JSON.readTree(first.resolve("evaluation.json").toFile()).get("exits");
    JsonNode wholeExits = JSON.readTree(whole.resolve("evaluation.json").toFile()).get("exits");
    assertThat(exits).hasSize(1);
    for (String figure : List.of("accuracy", "calibrationAccuracy", "meanConfidence")) {
      assertThat(exits.get(0).get(figure)).as(figure).isEqualTo(wholeExits.get(0).get(figure));
    }
    JsonNode manifest = JSON.readTree(first.resolve("manifest.json").toFile());
    assertThat(manifest.get("stages")).hasSize(1);
    assertThat(manifest.get("stages").get(0).get("outputs"))
        .as("nothing is carried to a stage that is not served")
        .hasSize(1);
    assertThat(manifest.get("provenance").get("configuration").get("served-exits").asText())
        .isEqualTo("1 of 2");

    assertThat(export(run, data, temp.resolve("none"), "--exits", "0")).isEqualTo(2);
    assertThat(export(run, data, temp.resolve("more"), "--exits", "3")).isEqualTo(2);
  }

  private Path train(Path data) {
    Path run = temp.resolve("run");
    assertThat(
            Main.run(
                "train",
                data.toString(),
                "--layout",
                "TRACKS",
                "--output",
                run.toString(),
                "--dataset",
                "OTHER",
                "--image-size",
                "12",
                "--nBlocks",
                "2",
                "--base",
                "1",
                "--nChannels",
                "4",
                "--growthRate",
                "2",
                "--grFactor",
                "1",
                "--bnFactor",
                "1",
                "--epochs",
                "2",
                "--batch-size",
                "8",
                "--seed",
                "7",
                "--threads",
                "1"))
        .isZero();
    return run;
  }

  private static int export(Path run, Path data, Path bundle, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "export",
                run.toString(),
                "--data",
                data.toString(),
                "--output",
                bundle.toString()));
    arguments.addAll(List.of(options));
    return Main.run(arguments.toArray(String[]::new));
  }
}
