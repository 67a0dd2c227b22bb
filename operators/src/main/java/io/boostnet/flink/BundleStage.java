package io.boostnet.flink;

import io.boostnet.flink.codec.BundleReader;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.GoldenCheck;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.StageRunnerFactory;
import io.boostnet.flink.inference.onnx.OnnxStageRunner;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.GoldenRows;
import io.boostnet.flink.model.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    return open(stage);
  }

  private StageRunner open(Stage wanted) throws IOException, InferenceException {
    return OnnxStageRunner.open(wanted, device, () -> new BundleReader(bundle).model(wanted));
  }

  @Override
  public GoldenCheck goldenCheck() throws IOException, InferenceException {
    BundleReader reader = new BundleReader(bundle);
    Cascade cascade = reader.cascade();
    Optional<GoldenRows> rows = reader.goldenRows(cascade);
    if (rows.isEmpty()) {
      return GoldenCheck.none();
    }
    List<StageRunner> before = new ArrayList<>();
    try {
      for (Stage earlier : cascade.stages().subList(0, stage.index() - 1)) {
        before.add(open(earlier));
      }
      return new GoldenCheck(rows.get(), before);
    } catch (IOException | InferenceException | RuntimeException e) {
      before.forEach(StageRunner::close);
      throw e;
    }
  }
}
