package io.boostnet.training.graph;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtException;
import io.boostnet.image.Resize;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.graph.Classifier.Known;
import io.boostnet.training.graph.Foreign.Input;
import io.boostnet.training.graph.StageSplit.Placement;
import io.boostnet.training.input.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks as other tools export them, served right. */
class ForeignFormsTest {

  private static final int SIDE = Foreign.SIDE;
  private static final int PIXELS = SIDE * SIDE;
  private static final int IMAGES = 4;
  private static final InputFormat FORMAT =
      new InputFormat(Resize.stretch(SIDE, SIDE), List.of(0.5, 0.4, 0.3), List.of(0.25, 0.2, 0.3));

  @TempDir Path temp;

  private final byte[] planes = new byte[IMAGES * 3 * PIXELS];

  ForeignFormsTest() {
    new Random(3).nextBytes(planes);
  }

  @ParameterizedTest
  @CsvSource({"9,4", "11,6", "13,7", "17,8", "21,10", "23,11"})
  void operatorSet_ofEveryAge_isServed(int operatorSet, int ir) throws OrtException {
    ModelProto model = Foreign.withVersions(Foreign.plain(), operatorSet, ir);

    assertServed(model, FORMAT, false, Foreign.run(model, "logits", floats()), 1e-5);
  }

  @ParameterizedTest
  @CsvSource({"24,12", "25,13", "26,13"})
  void operatorSet_ofTheLatest_isServedOrRefusedWithTheRuntimesReason(int operatorSet, int ir)
      throws OrtException {
    ModelProto model = Foreign.withVersions(Foreign.plain(), operatorSet, ir);
    float[] expected;
    try {
      expected = Foreign.run(model, "logits", floats());
    } catch (OrtException e) {
      RefusedFormsTest.assertRefused(model, "ONNX Runtime", "operator set that it knows");
      return;
    }
    assertServed(model, FORMAT, false, expected, 1e-5);
  }

  @Test
  void weights_inAFileBeside_areTakenIn() throws IOException, OrtException {
    ModelProto model = Foreign.plain();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    ModelProto.Builder split = model.toBuilder();
    for (TensorProto.Builder weight : split.getGraphBuilder().getInitializerBuilderList()) {
      weight
          .setDataLocation(DataLocation.EXTERNAL)
          .addExternalData(entry("location", "model.onnx.data"))
          .addExternalData(entry("offset", String.valueOf(data.size())))
          .addExternalData(entry("length", String.valueOf(weight.getRawData().size())));
      data.writeBytes(weight.getRawData().toByteArray());
      weight.clearRawData();
    }
    Path file = Files.write(temp.resolve("model.onnx"), split.build().toByteArray());
    Path beside = temp.resolve("model.onnx.data");

    assertThatThrownBy(() -> OnnxFile.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("model.onnx.data")
        .hasMessageContaining("put it beside the model");

    Files.write(beside, data.toByteArray());
    assertServed(OnnxFile.read(file), FORMAT, false, Foreign.run(model, "logits", floats()), 1e-5);

    Files.write(beside, new byte[10]);
    assertThatThrownBy(() -> OnnxFile.read(file)).hasMessageContaining("copy both files again");
  }

  @Test
  void weights_outsideTheFolder_areRefused() throws IOException {
    ModelProto.Builder model = Foreign.plain().toBuilder();
    model
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .setDataLocation(DataLocation.EXTERNAL)
        .clearRawData()
        .addExternalData(entry("location", "../elsewhere"));
    Path file = Files.write(temp.resolve("model.onnx"), model.build().toByteArray());

    assertThatThrownBy(() -> OnnxFile.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("not a file in its folder");
  }

  @ParameterizedTest
  @CsvSource({"1", "4"})
  void batch_thatIsFixed_isMadeFree(int batch) throws OrtException {
    ModelProto model = Foreign.fixedAtBatch(Foreign.plain(), batch);

    Classifier classifier =
        assertServed(model, FORMAT, false, Foreign.run(Foreign.plain(), "logits", floats()), 1e-5);
    assertThat(classifier.notes())
        .containsExactly("was fixed at a batch of " + batch + ": made free");
  }

  @Test
  void channelsLast_areMoved() throws OrtException {
    ModelProto model =
        Foreign.withInput(
            Foreign.plain(),
            DataType.FLOAT,
            List.of("batch", SIDE, SIDE, 3),
            Foreign.channelsFirst());
    float[] input = new float[IMAGES * 3 * PIXELS];
    for (int i = 0; i < IMAGES; i++) {
      for (int c = 0; c < 3; c++) {
        for (int p = 0; p < PIXELS; p++) {
          input[(i * PIXELS + p) * 3 + c] = floats().values()[(i * 3 + c) * PIXELS + p];
        }
      }
    }

    float[] expected =
        Foreign.run(model, "logits", new Input(DataType.FLOAT, input, IMAGES, SIDE, SIDE, 3));
    Classifier classifier = assertServed(model, FORMAT, false, expected, 1e-5);
    assertThat(classifier.notes()).anyMatch(note -> note.contains("channels last"));
  }

  @Test
  void bytes_withTheNormalisationInside_areGivenPixels() throws OrtException {
    ModelProto.Builder model = Foreign.plain().toBuilder();
    model
        .getGraphBuilder()
        .addInitializer(scalar("scale", 1 / 64f))
        .addInitializer(scalar("shift", -2));
    ModelProto whole =
        Foreign.withInput(
            model.build(),
            DataType.UINT8,
            List.of("n", 3, SIDE, SIDE),
            Foreign.node("Cast", List.of(), attribute("to", 1)),
            Foreign.node("Mul", List.of("scale")),
            Foreign.node("Add", List.of("shift")));
    float[] pixels = new float[planes.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = planes[i] & 0xFF;
    }

    float[] expected =
        Foreign.run(whole, "logits", new Input(DataType.UINT8, pixels, IMAGES, 3, SIDE, SIDE));
    Classifier classifier = assertServed(whole, FORMAT, false, expected, 0);
    assertThat(classifier.format()).isEqualTo(FORMAT.pixels());
  }

  @Test
  void oneChannel_isGivenGrey() throws OrtException {
    ModelProto model = Foreign.of(1);
    InputFormat grey =
        new InputFormat(Resize.stretch(SIDE, SIDE), List.of(0.5, 0.5, 0.5), List.of(1.0, 1.0, 1.0));
    float[] input = new float[IMAGES * PIXELS];
    for (int i = 0; i < IMAGES; i++) {
      for (int p = 0; p < PIXELS; p++) {
        double value = 0;
        double[] weights = {0.299, 0.587, 0.114};
        for (int c = 0; c < 3; c++) {
          value += weights[c] * (planes[(i * 3 + c) * PIXELS + p] & 0xFF);
        }
        input[i * PIXELS + p] = (float) (value / 255 - 0.5);
      }
    }

    float[] expected =
        Foreign.run(model, "logits", new Input(DataType.FLOAT, input, IMAGES, 1, SIDE, SIDE));
    assertServed(model, grey, false, expected, 1e-5);
  }

  @Test
  void blueFirst_isTurnedRound() throws OrtException {
    ModelProto model = Foreign.plain();
    float[] turned = new float[planes.length];
    for (int i = 0; i < IMAGES; i++) {
      for (int c = 0; c < 3; c++) {
        System.arraycopy(
            floats().values(), (i * 3 + c) * PIXELS, turned, (i * 3 + 2 - c) * PIXELS, PIXELS);
      }
    }

    float[] expected =
        Foreign.run(model, "logits", new Input(DataType.FLOAT, turned, IMAGES, 3, SIDE, SIDE));
    assertServed(model, FORMAT, true, expected, 1e-5);
  }

  @Test
  void halfFloats_areCarriedAsTheyAre() throws OrtException {
    ModelProto model = Foreign.half(Foreign.plain());

    float[] expected =
        Foreign.run(
            model, "logits", new Input(DataType.FLOAT16, floats().values(), IMAGES, 3, SIDE, SIDE));
    assertServed(model, FORMAT, false, expected, 2e-3);
  }

  @ParameterizedTest
  @CsvSource({"Softmax", "Sigmoid"})
  void probabilities_areNotMadeProbabilitiesAgain(String end) throws OrtException {
    ModelProto model = Foreign.plain();
    ModelProto ended = Foreign.withEnd(model, Foreign.node(end, List.of()));

    Classifier classifier =
        assertServed(ended, FORMAT, false, Foreign.run(model, "logits", floats()), 1e-6);
    assertThat(classifier.notes())
        .containsExactly("result: the " + end + " at its end is left out");
  }

  @Test
  void probabilities_ofAnotherMaking_areServedAsTheirLogarithm() throws OrtException {
    ModelProto model = Foreign.plain();
    ModelProto ended =
        Foreign.withEnd(
            model,
            Foreign.node("LogSoftmax", List.of(), attribute("axis", 1)),
            Foreign.node("Exp", List.of()));
    float[] probabilities = Foreign.run(ended, "result", floats());
    float[] logarithms = new float[probabilities.length];
    for (int i = 0; i < logarithms.length; i++) {
      logarithms[i] = (float) Math.log(probabilities[i]);
    }

    assertServed(ended, FORMAT, false, logarithms, 1e-5);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void logits_besideOtherOutputs_areFoundByTheirLength(boolean first) throws OrtException {
    ModelProto.Builder model = Foreign.plain().toBuilder();
    GraphProto.Builder graph = model.getGraphBuilder();
    String features =
        graph.getNodeList().stream()
            .filter(node -> node.getOpType().equals("Flatten"))
            .findFirst()
            .orElseThrow()
            .getOutput(0);
    ValueInfoProto logits = graph.getOutput(0);
    ValueInfoProto other = ValueInfoProto.newBuilder().setName(features).build();
    graph.clearOutput().addOutput(first ? logits : other).addOutput(first ? other : logits);
    float[] expected = Foreign.run(Foreign.plain(), "logits", floats());

    assertServed(model.build(), FORMAT, false, expected, 1e-5);
    assertThatThrownBy(() -> Classifier.of(model.build(), new Known(List.of(), 0, FORMAT, false)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("logits [5]")
        .hasMessageContaining(features + " [16]")
        .hasMessageContaining("--logits");
  }

  @Test
  void functions_areInlined() throws OrtException {
    ModelProto.Builder model = Foreign.plain().toBuilder();
    model
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("mine").setVersion(1))
        .addFunctions(
            FunctionProto.newBuilder()
                .setName("Twice")
                .setDomain("mine")
                .addInput("x")
                .addOutput("y")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .addNode(
                    NodeProto.newBuilder()
                        .setOpType("Add")
                        .addInput("x")
                        .addInput("x")
                        .addOutput("y")));
    ModelProto whole =
        Foreign.withEnd(
            model.build(), Foreign.node("Twice", List.of()).toBuilder().setDomain("mine").build());

    assertServed(whole, FORMAT, false, Foreign.run(whole, "result", floats()), 1e-5);
  }

  private Input floats() {
    float[] values = new float[planes.length];
    for (int i = 0; i < IMAGES; i++) {
      FORMAT.normalise(planes, i * 3 * PIXELS, values, i * 3 * PIXELS);
    }
    return new Input(DataType.FLOAT, values, IMAGES, 3, SIDE, SIDE);
  }

  /** Serves a model from planes of red, green and blue, and compares. */
  private Classifier assertServed(
      ModelProto model, InputFormat format, boolean bgr, float[] expected, double tolerance) {
    Classifier classifier =
        Classifier.of(model, new Known(List.of(), Foreign.CLASSES, format, bgr));
    StageSplit split = StageSplit.at(classifier.graph(), classifier.exits(), Placement.NEEDED);
    float[] images = new float[planes.length];
    for (int i = 0; i < IMAGES; i++) {
      classifier.format().normalise(planes, i * 3 * PIXELS, images, i * 3 * PIXELS);
    }
    try (OnnxCascade cascade = new OnnxCascade(split.stages(), 1)) {
      float[] logits = cascade.logits(images, IMAGES)[0];
      assertThat(logits).hasSameSizeAs(expected);
      for (int i = 0; i < logits.length; i++) {
        assertThat((double) Math.abs(logits[i] - expected[i]))
            .as("logit %d: %s for %s", i, logits[i], expected[i])
            .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(expected[i])));
      }
    }
    return classifier;
  }

  private static TensorProto scalar(String name, float value) {
    return TensorProto.newBuilder().setName(name).setDataType(1).addFloatData(value).build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
