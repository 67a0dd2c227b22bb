package io.boostnet.training.graph;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.boostnet.image.Resize;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.graph.Classifier.Known;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that cannot be served: refused with a sentence that helps. */
class RefusedFormsTest {

  private static final InputFormat FORMAT =
      new InputFormat(
          Resize.stretch(Foreign.SIDE, Foreign.SIDE),
          List.of(0.5, 0.4, 0.3),
          List.of(0.25, 0.2, 0.3));

  @TempDir Path temp;

  @Test
  void batch_thatCannotBeFreed_isRefused() {
    ModelProto.Builder model = Foreign.fixedAtBatch(Foreign.plain(), 1).toBuilder();
    GraphProto.Builder graph = model.getGraphBuilder();
    TensorProto.Builder token =
        TensorProto.newBuilder().setName("token").setDataType(1).addDims(1).addDims(5);
    for (int i = 0; i < 5; i++) {
      token.addFloatData(1);
    }
    graph.addInitializer(token);
    NodeProto concat = Foreign.node("Concat", List.of("token"), attribute("axis", 1));

    assertRefused(Foreign.withEnd(model.build(), concat), "fixed at a batch of 1", "dynamic_axes");
  }

  @Test
  void severalInputs_areRefusedByName() {
    ModelProto.Builder model = Foreign.plain().toBuilder();
    model.getGraphBuilder().addInput(Foreign.info("age", DataType.FLOAT, List.of("batch", 1)));

    assertRefused(model.build(), "2 inputs", "age");
  }

  @Test
  void dynamicQuantization_isRefused() {
    ModelProto model =
        Foreign.withEnd(
            Foreign.plain(),
            Foreign.node("DynamicQuantizeLinear", List.of()).toBuilder()
                .setName("quantize")
                .build());

    assertRefused(model, "DynamicQuantizeLinear quantize", "neighbours", "statically");
  }

  @Test
  void branches_areRefused() {
    NodeProto branch =
        Foreign.node(
            "If",
            List.of(),
            AttributeProto.newBuilder()
                .setName("then_branch")
                .setType(AttributeType.GRAPH)
                .setG(GraphProto.getDefaultInstance())
                .build());

    assertRefused(Foreign.withEnd(Foreign.plain(), branch), "If", "branches");
  }

  @Test
  void mixingOfTheBatch_isRefused() {
    ModelProto model =
        Foreign.withEnd(
            Foreign.plain(),
            Foreign.node("MeanVarianceNormalization", List.of(), attribute("axes", List.of(0L))));

    assertRefused(model, "mixes the images of a batch", "evaluation mode");
  }

  @Test
  void anotherSize_isRefusedWithBoth() {
    InputFormat larger =
        new InputFormat(Resize.stretch(32, 32), List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25));
    assertThatThrownBy(() -> Classifier.of(Foreign.plain(), new Known(List.of(), 5, larger, false)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("16 rows")
        .hasMessageContaining("gives 32");
  }

  @Test
  void anotherFile_isRefused() throws IOException {
    Path text = Files.writeString(temp.resolve("model.onnx"), "no network");
    Path empty = Files.write(temp.resolve("empty.onnx"), new byte[0]);

    assertThatThrownBy(() -> OnnxFile.read(text)).hasMessageContaining("not an ONNX model");
    assertThatThrownBy(() -> OnnxFile.read(empty)).hasMessageContaining("no ONNX graph");
    assertThatThrownBy(() -> OnnxFile.read(temp.resolve("none")))
        .hasMessageContaining("There is no model at");
  }

  static void assertRefused(ModelProto model, String... words) {
    assertThatThrownBy(
            () -> Classifier.of(model, new Known(List.of(), Foreign.CLASSES, FORMAT, false)))
        .isInstanceOf(BadInputException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }
}
