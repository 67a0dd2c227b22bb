package io.boostnet.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.codec.BundleException;
import io.boostnet.flink.coordination.ControlPlan;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.onnx.SharedSessions;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.flink.stage.ChainElementType;
import io.boostnet.flink.stage.StageControl;
import io.boostnet.flink.stage.StageOperatorFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden rows where a bundle serves: at warm-up, and where it is verified. */
class GoldenRowsTest {

  /** What the logits of this network, of about 1, may be apart with 32-bit sums in any order. */
  private static final double TOLERANCE = 1e-5;

  @TempDir Path directory;

  @AfterEach
  void everySessionIsClosed() {
    assertThat(SharedSessions.open()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void stages_asTheyWereMade_warmUpAtEveryMicroBatchSize(int microBatch) throws Exception {
    ModelBundle bundle = golden();
    for (Stage stage : bundle.cascade().stages()) {
      warmUp(bundle, stage, microBatch);
    }
    assertThat(bundle.goldenDifferences(Device.CPU, microBatch))
        .hasSize(3)
        .allSatisfy(difference -> assertThat(difference).isBetween(0.0, TOLERANCE));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void stage_withOneWeightChangedByOnePercent_failsAtWarmUp(int changed) throws Exception {
    ModelBundle bundle = golden();
    Stage stage = bundle.cascade().stages().get(changed - 1);
    changeOneWeight(stage);
    ModelBundle damaged = ModelBundle.read(directory.toString());

    for (Stage each : damaged.cascade().stages()) {
      if (each.index() < changed) {
        warmUp(damaged, each, 4);
      }
    }
    Stage wrong = damaged.cascade().stages().get(changed - 1);
    assertThatThrownBy(() -> warmUp(damaged, wrong, 4))
        .isInstanceOf(InferenceException.class)
        .hasMessageStartingWith("exit " + changed + " gives logits that are ")
        .hasMessageContaining("with micro-batches of 4")
        .hasMessageContaining("1.00e-05 is allowed (as the test says)");
    assertThatThrownBy(damaged::verify)
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("exit " + changed + " gives logits");
  }

  @Test
  void bundleOfTheFirstFormat_hasNoneAndServes() throws Exception {
    ModelBundle bundle = ModelBundle.read(TestBundles.random().toString()).verify();
    assertThat(bundle.manifest().getFormatVersion()).isEqualTo(1);
    assertThat(bundle.goldenRows()).isEmpty();
    warmUp(bundle, bundle.cascade().stages().get(2), 4);
  }

  @Test
  void rowsThatAreMissingOrOthers_areRefused() throws Exception {
    ModelBundle bundle = golden();
    Path file = directory.resolve("golden.avro");
    Files.write(file, Files.readAllBytes(directory.resolve("stage-1.onnx")));
    assertThatThrownBy(bundle::verify)
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("golden.avro has the SHA-256");
    Files.delete(file);
    assertThatThrownBy(bundle::verify)
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("has no golden.avro");
  }

  private ModelBundle golden() throws Exception {
    return ModelBundle.read(TestBundles.withGoldenRows(directory, TOLERANCE).toString()).verify();
  }

  /** What a TaskManager does with a stage before its first record. */
  private static void warmUp(ModelBundle bundle, Stage stage, int microBatch) throws Exception {
    BudgetController constant =
        BudgetController.of(Budget.constant(Thresholds.of(1, 0.9, 0.9, 0)), null);
    StageControl control =
        new StageControl(
            new ControlPlan(
                "test",
                "constant",
                constant,
                bundle.cascade().costInMacs(),
                ControlPlan.DEFAULT_INTERVAL),
            0,
            1,
            Duration.ZERO);
    try (OneInputStreamOperatorTestHarness<ChainElement, ChainElement> harness =
        new OneInputStreamOperatorTestHarness<>(
            new StageOperatorFactory(
                bundle.stage(stage, Device.CPU),
                MicroBatching.of(microBatch).withLinger(Duration.ofMillis(1)),
                control))) {
      harness.setup(new ChainElementType().createSerializer(new SerializerConfigImpl()));
      harness.open();
    }
  }

  /** Makes the largest weight of the classifier 1 % larger, and the checksum right again. */
  private void changeOneWeight(Stage stage) throws Exception {
    Path file = directory.resolve(stage.file());
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    TensorProto.Builder kernel =
        model.getGraphBuilder().getInitializerBuilderList().stream()
            .filter(tensor -> tensor.getDimsCount() == 2)
            .reduce((before, last) -> last)
            .orElseThrow();
    ByteBuffer weights =
        ByteBuffer.wrap(kernel.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    int largest = 0;
    for (int i = 4; i < weights.capacity(); i += 4) {
      if (Math.abs(weights.getFloat(i)) > Math.abs(weights.getFloat(largest))) {
        largest = i;
      }
    }
    weights.putFloat(largest, weights.getFloat(largest) * 1.01f);
    kernel.setRawData(ByteString.copyFrom(weights.array()));
    Files.write(file, model.build().toByteArray());

    Path manifest = directory.resolve("manifest.json");
    Files.writeString(
        manifest, Files.readString(manifest).replace(stage.sha256(), TestBundles.sha256(file)));
  }
}
