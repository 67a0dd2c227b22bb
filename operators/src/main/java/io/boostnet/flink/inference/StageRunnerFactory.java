package io.boostnet.flink.inference;

import io.boostnet.flink.model.Stage;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;

/** Opens the runner of one stage where it is needed: in the process of the subtask. */
@Internal
public interface StageRunnerFactory extends Serializable {

  /** The stage that the runner will run. */
  Stage stage();

  /**
   * The same with the files that came with the job, in the process that opens it.
   *
   * @param files from the name under which a file was sent to its place on this machine
   */
  default StageRunnerFactory with(Function<String, Path> files) {
    return this;
  }

  /**
   * Opens a runner; the caller closes it.
   *
   * @throws IOException where the model cannot be read
   * @throws InferenceException where it cannot be loaded on the device
   */
  StageRunner open() throws IOException, InferenceException;

  /**
   * Opens what proves the stage right before it serves; the caller closes it. It may hold the
   * sessions of the stages before, which those share with it.
   *
   * @throws IOException where the bundle cannot be read
   * @throws InferenceException where a stage before this one cannot be loaded on the device
   */
  GoldenCheck goldenCheck() throws IOException, InferenceException;
}
