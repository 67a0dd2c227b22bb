package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.schema.ElementType;
import io.boostnet.schema.TensorSpec;
import io.boostnet.training.Main;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.checkpoint.ReferenceTensors;
import io.boostnet.training.checkpoint.Tensor;
import io.boostnet.training.checkpoint.TorchFixture;
import io.boostnet.training.data.DataFixtures;
import io.boostnet.training.network.Architecture;
import io.boostnet.training.network.Network;
import io.boostnet.training.network.Parameter;
import io.boostnet.training.network.Parameter.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

  private static final Path OFFICIAL = ReferenceTensors.checkpoint("msdnet-cifar100-n4-c8-g4");
  private static final String[] OFFICIAL_ARGUMENTS = {
    "--arch",
    "msdnet_ge",
    "--dataset",
    "cifar100",
    "--nBlocks",
    "4",
    "--stepmode",
    "even",
    "--step",
    "2",
    "--base",
    "4",
    "--nChannels",
    "8",
    "--growthRate",
    "4",
    "--ensemble_reweight",
    "0.5"
  };

  @TempDir Path temp;

  @Test
  void officialCheckpoint_withOfficialArguments_becomesABundle() throws IOException {
    Path bundle = temp.resolve("n4");
    assertThat(run(OFFICIAL, bundle).code()).isZero();

    try (var files = Files.list(bundle)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "golden.avro",
              "manifest.json",
              "stage-1.onnx",
              "stage-2.onnx",
              "stage-3.onnx",
              "stage-4.onnx");
    }
    JsonNode manifest = new ObjectMapper().readTree(bundle.resolve("manifest.json").toFile());
    assertThat(manifest.get("formatVersion").asInt()).isEqualTo(3);
    assertThat(manifest.get("architecture").get("family").asText()).isEqualTo("msdnet_ge");
    assertThat(manifest.get("labels")).hasSize(100);
    assertThat(manifest.at("/preprocessing/interpolation").asText()).isEqualTo("BILINEAR");
    List<Long> macs = new ArrayList<>();
    List<StageModel> stages = new ArrayList<>();
    for (JsonNode stage : manifest.get("stages")) {
      macs.add(stage.get("cumulativeMacs").asLong());
      assertThat(stage.get("sha256").asText())
          .isEqualTo(sha256(bundle.resolve(stage.get("file").asText())));
      JsonNode outputs = stage.get("outputs");
      assertThat(outputs.get(outputs.size() - 1).get("name").asText()).isEqualTo("logits");
      assertThat(outputs.get(0).get("shape").get(0).asLong()).isEqualTo(-1);
      byte[] onnx = Files.readAllBytes(bundle.resolve(stage.get("file").asText()));
      stages.add(new StageModel(specs(stage.get("inputs")), specs(outputs), onnx));
    }
    assertReproducesTheReference(stages);
    assertThat(macs).containsExactly(6817380L, 11374280L, 15938860L, 19852688L);
  }

  @Test
  void tamperedPickle_endsWithCode2AndNamesTheClass() throws IOException {
    Path tampered =
        TorchFixture.tamper(
            OFFICIAL, "torch\nLongStorage", "posix\nsystem_call", temp.resolve("evil.pth"));
    Outcome outcome = run(tampered, temp.resolve("bundle"));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.error()).contains("posix.system_call").doesNotContain("\tat ");
    assertThat(temp.resolve("bundle")).doesNotExist();
  }

  @Test
  void missingMisshapenAndSurplusTensors_endWithCode2AndAreNamed() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>(NamedTensors.read(OFFICIAL).tensors());
    tensors.remove("classifier.2.linear.bias");
    tensors.put("classifier.0.linear.bias", new Tensor(List.of(2L), new float[2]));
    tensors.put("classifier.9.linear.bias", new Tensor(List.of(2L), new float[2]));
    Path file = temp.resolve("changed.safetensors");
    new NamedTensors(tensors).write(file);

    Outcome outcome = run(file, temp.resolve("bundle"));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.error())
        .contains("Missing: classifier.2.linear.bias.")
        .contains("classifier.0.linear.bias is [2] and should be [100]")
        .contains("Surplus: classifier.9.linear.bias.");
  }

  @Test
  void badArguments_endWithCode2InOneSentence() {
    assertThat(run(OFFICIAL, temp.resolve("b"), "--nBlocks", "0").error()).contains("nBlocks");
    assertThat(run(OFFICIAL, temp.resolve("b"), "--stepmode", "odd").code()).isEqualTo(2);
    assertThat(run(OFFICIAL, temp.resolve("b"), "--scale-list", "1-2").error())
        .contains("scale-list");
    assertThat(run(OFFICIAL, temp.resolve("b"), "--no-such-option").code()).isEqualTo(2);
    assertThat(run(temp.resolve("none.pth"), temp.resolve("b")).error()).contains("no such file");
    assertThat(run(OFFICIAL, temp).error()).contains("something at");
  }

  @Test
  void data_givesEvidenceAndEvaluationOfEveryImage() throws IOException {
    Path data = DataFixtures.cifar100(temp.resolve("cifar"), 90, 30);
    Path bundle = temp.resolve("tiny");
    int code =
        Main.run(
            "import",
            "--checkpoint",
            randomCheckpoint().toString(),
            "--nBlocks",
            "2",
            "--base",
            "1",
            "--nChannels",
            "4",
            "--growthRate",
            "2",
            "--data",
            data.toString(),
            "--threads",
            "1",
            "--calibration",
            "TEST_HALF",
            "--output",
            bundle.toString());
    assertThat(code).isZero();

    int records = 0;
    int[] right = new int[2];
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(
            bundle.resolve("calibration.avro").toFile(), new GenericDatumReader<>())) {
      for (GenericRecord image : reader) {
        records++;
        List<?> predicted = (List<?>) image.get("predicted");
        List<?> confidence = (List<?>) image.get("confidence");
        for (int exit = 0; exit < 2; exit++) {
          right[exit] += predicted.get(exit).equals(image.get("label")) ? 1 : 0;
          assertThat((Float) confidence.get(exit)).isBetween(1f / 3, 1f);
        }
      }
    }
    assertThat(records).as("half of 30").isEqualTo(15);

    JsonNode evaluation = new ObjectMapper().readTree(bundle.resolve("evaluation.json").toFile());
    assertThat(evaluation.get("images").asInt()).isEqualTo(15);
    assertThat(evaluation.get("exits")).hasSize(2);
    assertThat(evaluation.get("exits").get(1).get("calibrationAccuracy").asDouble())
        .isEqualTo(right[1] / 15.0);
    assertThat(evaluation.get("baselines").get("neverExit").get("accuracy"))
        .isEqualTo(evaluation.get("exits").get(1).get("accuracy"));
    assertThat(evaluation.get("budgetedBatch")).hasSize(40);
  }

  @Test
  void randomWeights_giveABundleWithoutACheckpoint() throws IOException {
    Path bundle = temp.resolve("drawn");
    int code =
        Main.run(
            "import",
            "--random-weights",
            "7",
            "--dataset",
            "other",
            "--image-size",
            "64",
            "--classes",
            "10",
            "--grFactor",
            "1-2-4-4",
            "--bnFactor",
            "1-2-4-4",
            "--nBlocks",
            "2",
            "--nChannels",
            "4",
            "--growthRate",
            "2",
            "--output",
            bundle.toString());
    assertThat(code).isZero();
    JsonNode manifest = new ObjectMapper().readTree(bundle.resolve("manifest.json").toFile());
    assertThat(manifest.at("/preprocessing/height").asInt()).isEqualTo(64);
    assertThat(manifest.at("/provenance/origin").asText()).isEqualTo("random weights");
    assertThat(manifest.at("/provenance/seed").asInt()).isEqualTo(7);
    assertThat(bundle.resolve("stage-2.onnx")).exists();
  }

  private static List<TensorSpec> specs(JsonNode tensors) {
    List<TensorSpec> specs = new ArrayList<>();
    for (JsonNode tensor : tensors) {
      List<Long> shape = new ArrayList<>();
      tensor.get("shape").forEach(size -> shape.add(size.asLong()));
      specs.add(
          new TensorSpec(
              tensor.get("name").asText(),
              ElementType.valueOf(tensor.get("elementType").asText()),
              shape));
    }
    return specs;
  }

  private static void assertReproducesTheReference(List<StageModel> stages) {
    NamedTensors forward = ReferenceTensors.forward("msdnet-cifar100-n4-c8-g4");
    float[] expected = forward.values("ensemble_logits");
    try (OnnxCascade cascade = new OnnxCascade(stages, 1)) {
      float[][] logits = cascade.logits(forward.values("input"), 8);
      for (int i = 0; i < expected.length; i++) {
        assertThat(logits[i / 800][i % 800]).isCloseTo(expected[i], Offset.offset(1e-4f));
      }
    }
  }

  /** Random weights for a network of two exits and the three classes of the fixture. */
  private Path randomCheckpoint() throws IOException {
    Network network =
        new Architecture(
                "msdnet_ge",
                Map.of("nBlocks", "2", "base", "1", "nChannels", "4", "growthRate", "2"))
            .network(32, 32, 3);
    Random random = new Random(5);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters()) {
      float[] values = new float[(int) parameter.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            parameter.role() == Role.RUNNING_VARIANCE
                ? 0.5f + random.nextFloat()
                : (float) random.nextGaussian() / 4;
      }
      tensors.put(parameter.name(), new Tensor(parameter.shape(), values));
    }
    Path file = temp.resolve("random.safetensors");
    new NamedTensors(tensors).write(file);
    return file;
  }

  private static Outcome run(Path checkpoint, Path bundle, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("import", "--checkpoint", checkpoint.toString()));
    arguments.addAll(List.of(OFFICIAL_ARGUMENTS));
    arguments.addAll(List.of("--output", bundle.toString()));
    for (int i = 0; i < more.length; i++) {
      int there = arguments.indexOf(more[i]);
      if (there >= 0) {
        arguments.set(there + 1, more[++i]);
      } else {
        arguments.add(more[i]);
      }
    }
    PrintStream before = System.err;
    ByteArrayOutputStream error = new ByteArrayOutputStream();
    System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
    try {
      return new Outcome(
          Main.run(arguments.toArray(String[]::new)), error.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
  }

  private record Outcome(int code, String error) {}

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
