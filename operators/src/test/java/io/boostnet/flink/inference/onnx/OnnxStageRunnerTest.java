package io.boostnet.flink.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.TextFormat;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.TestBundles;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.ServiceCurve;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.model.ElementType;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.TensorSpec;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OnnxStageRunnerTest {

  private final ModelBundle bundle = ModelBundle.read(TestBundles.random().toString());
  private final List<Stage> stages = bundle.cascade().stages();

  @AfterEach
  void noSessionIsLeft() {
    assertThat(SharedSessions.open()).isZero();
  }

  private StageRunner open(int stage) throws IOException, InferenceException {
    return bundle.stage(stages.get(stage - 1), Device.CPU).open();
  }

  private static Features image(long seed) {
    Features image = Features.allocate(TestBundles.cascade().stages().get(0).inputs());
    FloatBuffer floats = image.tensors()[0].asFloatBuffer();
    Random random = new Random(seed);
    while (floats.hasRemaining()) {
      floats.put((float) random.nextGaussian());
    }
    return image;
  }

  /** Logits of all images at the last exit, with micro-batches of so many rows. */
  private List<float[]> logits(int images, int rows) throws Exception {
    List<float[]> logits = new ArrayList<>();
    try (StageRunner first = open(1);
        StageRunner second = open(2);
        StageRunner third = open(3);
        MicroBatch batch1 = first.allocate(rows);
        MicroBatch batch2 = second.allocate(rows);
        MicroBatch batch3 = third.allocate(rows)) {
      for (int from = 0; from < images; from += rows) {
        batch1.clear();
        for (int i = from; i < Math.min(images, from + rows); i++) {
          batch1.append(image(i));
        }
        runInto(first, batch1, batch2);
        runInto(second, batch2, batch3);
        third.run(batch3);
        for (int row = 0; row < batch3.size(); row++) {
          float[] values = new float[10];
          batch3.logits().get(row * 10, values);
          logits.add(values);
        }
      }
    }
    return logits;
  }

  private static void runInto(StageRunner runner, MicroBatch batch, MicroBatch next)
      throws InferenceException {
    runner.run(batch);
    next.clear();
    for (int row = 0; row < batch.size(); row++) {
      next.append(batch.carried(row));
    }
  }

  @Test
  void microBatches_giveTheSameLogitsAsSingleImages() throws Exception {
    List<float[]> single = logits(7, 1);
    for (int rows : new int[] {2, 3, 8}) {
      List<float[]> batched = logits(7, rows);
      for (int i = 0; i < 7; i++) {
        for (int c = 0; c < 10; c++) {
          assertThat(batched.get(i)[c]).isCloseTo(single.get(i)[c], within(1e-4f));
        }
      }
    }
    assertThat(single.get(0)).isNotEqualTo(single.get(1));
  }

  @Test
  void runners_shareOneSessionPerStage_untilTheLastIsClosed() throws Exception {
    StageRunner one = open(1);
    StageRunner another = open(1);
    StageRunner second = open(2);
    assertThat(SharedSessions.open()).isEqualTo(2);
    one.close();
    one.close();
    assertThat(SharedSessions.open()).isEqualTo(2);
    another.close();
    assertThat(SharedSessions.open()).isEqualTo(1);
    second.close();
  }

  @Test
  void model_isReadOnceForAllRunners() throws Exception {
    try (StageRunner first = open(1)) {
      assertThat(first.stage().index()).isEqualTo(1);
      try (StageRunner second =
          OnnxStageRunner.open(
              stages.get(0),
              Device.CPU,
              () -> {
                throw new IOException("must not be read");
              })) {
        assertThat(second.stage()).isEqualTo(first.stage());
      }
    }
  }

  @Test
  void modelThatIsNone_isRefused() {
    assertThatThrownBy(
            () -> OnnxStageRunner.open(stages.get(0), Device.CPU, () -> new byte[] {1, 2, 3}))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("stage-1.onnx cannot be loaded on cpu");
  }

  @Test
  void modelWithOtherInputsThanTheManifestSays_isRefused() {
    Stage stage = stages.get(1);
    TensorSpec renamed =
        new TensorSpec("other", stage.inputs().get(0).type(), stage.inputs().get(0).rowShape());
    List<TensorSpec> inputs = new ArrayList<>(stage.inputs());
    inputs.set(0, renamed);
    Stage wrong = new Stage(2, stage.file(), stage.sha256(), inputs, stage.outputs(), 1, 1);
    assertThatThrownBy(
            () -> OnnxStageRunner.open(wrong, Device.CPU, () -> bundle.modelBytes(stage)))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("has no input named 'other'");
  }

  @Test
  void modelThatHandsAnInputOnAsAnOutput_isRefused_andWithAnIdentityItIsNot() throws Exception {
    Stage passing = passing("features");
    assertThatThrownBy(() -> OnnxStageRunner.open(passing, Device.CPU, () -> onnx("features")))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("stage-2.onnx hands its input 'features' on as an output")
        .hasMessageContaining("put an Identity in between");

    try (StageRunner runner =
            OnnxStageRunner.open(passing("copied"), Device.CPU, () -> onnx("copied"));
        MicroBatch batch = runner.allocate(1)) {
      Features row = Features.allocate(runner.stage().inputs());
      row.tensors()[0].asFloatBuffer().put(7);
      batch.append(row);
      runner.run(batch);
      assertThat(batch.carried(0).tensors()[0].asFloatBuffer().get(0)).isEqualTo(7);
    }
  }

  /** A stage with one feature, which it hands on under this name, and one logit, twice that. */
  private static Stage passing(String carried) {
    TensorSpec input = new TensorSpec("features", ElementType.FLOAT, List.of(1L));
    TensorSpec output = new TensorSpec(carried, ElementType.FLOAT, List.of(1L));
    TensorSpec logits = new TensorSpec("logits", ElementType.FLOAT, List.of(1L));
    return new Stage(2, "stage-2.onnx", carried, List.of(input), List.of(output, logits), 1, 1);
  }

  private static byte[] onnx(String carried) {
    String value =
        "{ name: '%s' type { tensor_type { elem_type: 1 shape { dim { dim_param: 'N' } dim { dim_value: 1 } } } } } ";
    String identity = "node { op_type: 'Identity' input: 'features' output: '%s' } ";
    ModelProto.Builder model = ModelProto.newBuilder();
    try {
      TextFormat.merge(
          "ir_version: 8 opset_import { version: 17 } graph { name: 'passing' input "
              + value.formatted("features")
              + "output "
              + value.formatted(carried)
              + "output "
              + value.formatted("logits")
              + (carried.equals("features") ? "" : identity.formatted(carried))
              + "node { op_type: 'Add' input: ['features', 'features'] output: 'logits' } }",
          model);
    } catch (TextFormat.ParseException e) {
      throw new IllegalStateException(e);
    }
    return model.build().toByteArray();
  }

  @Test
  void cudaWithoutAGpu_isRefused_andAutoFallsBack() throws Exception {
    assertThatThrownBy(() -> bundle.stage(stages.get(0), Device.parse("cuda:1")).open())
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("device is cuda:1, and it cannot be used");
    try (StageRunner runner = bundle.stage(stages.get(0), Device.AUTO).open()) {
      assertThat(runner.fellBackToCpu()).isTrue();
    }
  }

  @Test
  void serviceCurve_isMeasuredOncePerSession_andSizesAskedFor() throws Exception {
    try (StageRunner one = open(1);
        StageRunner another = open(1)) {
      ServiceCurve curve = one.serviceCurve(Duration.ofMillis(50), 8);
      assertThat(curve.bestWithin(Duration.ofMillis(50))).isBetween(1, 8);
      assertThat(another.serviceCurve(Duration.ofMillis(50), 8)).isSameAs(curve);

      assertThat(another.serviceCurve(Duration.ofMillis(50), 1)).isNotSameAs(curve);
      assertThat(another.serviceCurve(Duration.ofMillis(49), 8)).isNotSameAs(curve);
    }
  }
}
