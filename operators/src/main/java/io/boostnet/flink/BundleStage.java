package io.boostnet.flink;

import io.boostnet.flink.codec.BundleReader;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.StageRunnerFactory;
import io.boostnet.flink.inference.onnx.OnnxStageRunner;
import io.boostnet.flink.model.Stage;
import java.io.IOException;

/**
 * Opens a stage of a stored bundle where it is needed.
 *
 * @param bundle where the model is read from, in the process that runs it
 * @param stage the stage
 * @param device where to run it
 */
record BundleStage(StoredBundle bundle, Stage stage, Device device) implements StageRunnerFactory {

  @Override
  public StageRunner open() throws IOException, InferenceException {
    return OnnxStageRunner.open(stage, device, () -> new BundleReader(bundle).model(stage));
  }
}
