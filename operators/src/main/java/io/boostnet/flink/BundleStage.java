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
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Opens a stage of a stored bundle where it is needed.
 *
 * @param bundle where the model is read from, in the process that runs it
 * @param precision which form of the stages
 * @param stage the stage; the runner's is the one of the form that serves
 * @param device where to run it
 */
record BundleStage(StoredBundle bundle, Precision precision, Stage stage, Device device)
    implements StageRunnerFactory {

  @Override
  public StageRunnerFactory with(Function<String, Path> files) {
    return new BundleStage(bundle.with(files), precision, stage, device);
  }

  /** The first stage says where this machine's times are not those of the bundle. */
  @Override
  public StageRunner open() throws IOException, InferenceException {
    if (stage.index() == 1) {
      ServedForm.compareTimes(bundle, precision, device);
    }
    return openUncompared();
  }

  StageRunner openUncompared() throws IOException, InferenceException {
    BundleReader reader = served();
    return open(reader, reader.cascade().stages().get(stage.index() - 1));
  }

  private BundleReader served() throws IOException, InferenceException {
    return new BundleReader(bundle, ServedForm.of(bundle, precision, device));
  }

  private StageRunner open(BundleReader reader, Stage wanted)
      throws IOException, InferenceException {
    return OnnxStageRunner.open(wanted, device, () -> reader.model(wanted));
  }

  @Override
  public GoldenCheck goldenCheck() throws IOException, InferenceException {
    BundleReader reader = served();
    Cascade cascade = reader.cascade();
    Optional<GoldenRows> rows = reader.goldenRows(cascade);
    if (rows.isEmpty()) {
      return GoldenCheck.none();
    }
    List<StageRunner> before = new ArrayList<>();
    try {
      for (Stage earlier : cascade.stages().subList(0, stage.index() - 1)) {
        before.add(open(reader, earlier));
      }
      return new GoldenCheck(rows.get(), before);
    } catch (IOException | InferenceException | RuntimeException e) {
      before.forEach(StageRunner::close);
      throw e;
    }
  }
}
