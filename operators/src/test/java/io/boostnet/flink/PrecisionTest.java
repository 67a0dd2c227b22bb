package io.boostnet.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.codec.BundleException;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.onnx.SharedSessions;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.Stage;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which form of a bundle's stages is opened; the other form here holds the same models. */
class PrecisionTest {

  private static final double TOLERANCE = 1e-5;

  @TempDir Path directory;

  @AfterEach
  void everySessionIsClosed() {
    assertThat(SharedSessions.open()).isZero();
  }

  @Test
  void auto_withoutAnotherForm_isTheFormThatEveryBundleHas() {
    ModelBundle bundle = ModelBundle.read(TestBundles.random().toString());
    assertThat(bundle.served(Precision.AUTO, Device.CPU).precision()).isEqualTo(Precision.FP32);
  }

  @Test
  void int8_ofABundleWithout_isRefusedWithTheRemedy() {
    ModelBundle bundle = ModelBundle.read(TestBundles.random().toString());
    assertThatThrownBy(() -> bundle.served(Precision.INT8, Device.CPU))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("has not all of its 3 stages in int8; make them with quantize");
  }

  @Test
  void stage_ofAFormThatIsAskedFor_isTheOneOfThatForm() throws Exception {
    TestBundles.withInt8Form(directory, TOLERANCE, 0);
    ModelBundle bundle = ModelBundle.read(directory.toString());
    for (Precision precision : new Precision[] {Precision.FP32, Precision.INT8}) {
      ModelBundle served = bundle.served(precision, Device.CPU).verify();
      for (Stage stage : served.cascade().stages()) {
        try (StageRunner runner = served.stage(stage, Device.CPU).open()) {
          assertThat(runner.stage().file().contains("int8")).isEqualTo(precision == Precision.INT8);
        }
      }
    }
  }

  @Test
  void int8_whoseGoldenRowsDoNotHold_isLeftByAutoAndRefusedWhereAskedFor() throws Exception {
    TestBundles.withInt8Form(directory, TOLERANCE, 0.01f);
    ModelBundle bundle = ModelBundle.read(directory.toString());
    assertThat(bundle.served(Precision.AUTO, Device.CPU).precision()).isEqualTo(Precision.FP32);
    EarlyExitInference inference = EarlyExitInference.fromBundle(directory.toString());
    assertThatThrownBy(() -> inference.withPrecision(Precision.INT8))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("from the golden ones");
  }

  @Test
  void auto_isOneFormForAllStagesOfAProcess() throws Exception {
    TestBundles.withInt8Form(directory, TOLERANCE, 0);
    ModelBundle bundle = ModelBundle.read(directory.toString());
    Precision found = bundle.served(Precision.AUTO, Device.CPU).precision();
    for (Stage stage : bundle.cascade().stages()) {
      try (StageRunner runner =
          new BundleStage(bundle.stored(), Precision.AUTO, stage, Device.CPU).open()) {
        assertThat(runner.stage().file().contains("int8")).isEqualTo(found == Precision.INT8);
      }
    }
  }
}
