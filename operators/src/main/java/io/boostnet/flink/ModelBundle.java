package io.boostnet.flink;

import io.boostnet.flink.codec.BundleException;
import io.boostnet.flink.codec.BundleReader;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.GoldenCheck;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.StageRunnerFactory;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.GoldenRows;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.Stage;
import io.boostnet.schema.ModelManifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A model bundle that was read and checked. Immutable; thread-safe; holds no native memory. */
@PublicEvolving
public final class ModelBundle {

  private final StoredBundle stored;
  private final Precision precision;
  private final BundleReader reader;
  private final Cascade cascade;

  private ModelBundle(StoredBundle stored, Precision precision) {
    this.stored = stored;
    this.precision = precision;
    this.reader = new BundleReader(stored, precision);
    this.cascade = reader.cascade();
  }

  /**
   * Reads a bundle's manifest and checks that its stages fit each other.
   *
   * @param location directory or .zip file, as a path or a URI of any of Flink's file systems
   * @return the bundle in the form that every bundle has, {@link Precision#FP32}
   * @throws BundleException where there is none or it is wrong
   */
  public static ModelBundle read(String location) {
    return new ModelBundle(new StoredBundle(location), Precision.FP32);
  }

  /**
   * The bundle in the form that serves on a device of this machine.
   *
   * @param wanted the form; with {@link Precision#AUTO} the faster one, of those whose golden rows
   *     hold, which takes a second the first time
   * @param device where it is to run
   * @throws BundleException where the bundle has no such form, or a stage cannot be loaded
   */
  public ModelBundle served(Precision wanted, Device device) {
    try {
      Precision form = ServedForm.of(stored, wanted, device);
      return form == precision ? this : new ModelBundle(stored, form);
    } catch (IOException | InferenceException e) {
      throw new BundleException("bundle " + stored.location() + ": " + e.getMessage(), e);
    }
  }

  /** The form that this is of. */
  public Precision precision() {
    return precision;
  }

  /** The cascade that the bundle holds. */
  public Cascade cascade() {
    return cascade;
  }

  /** The manifest as it stands. */
  public ModelManifest manifest() {
    return reader.manifest();
  }

  /**
   * The calibration evidence, which thresholds are solved from.
   *
   * @throws BundleException where the bundle has none or it is wrong
   */
  public Evidence calibration() {
    try {
      return EvidenceRecords.calibration(reader.evidence());
    } catch (IllegalArgumentException e) {
      throw new BundleException("bundle " + stored.location() + ": " + e.getMessage(), e);
    }
  }

  /**
   * The ONNX model of a stage, compared with its checksum.
   *
   * @throws BundleException where it is missing or another than the manifest says
   */
  public byte[] modelBytes(Stage stage) {
    return reader.model(stage);
  }

  /** What opens a stage on a device, in whichever process it is sent to. */
  @Internal
  public StageRunnerFactory stage(Stage stage, Device device) {
    return new BundleStage(stored, precision, stage, device);
  }

  /** Where it is read from, by every process by itself. */
  StoredBundle stored() {
    return stored;
  }

  /** Where the TaskManagers of a job read it, whichever form they find out to be theirs. */
  StoredBundle sentWith(StreamExecutionEnvironment job) {
    try {
      return stored.sentWith(job);
    } catch (IOException e) {
      throw new BundleException("bundle " + stored.location() + ": " + e.getMessage(), e);
    }
  }

  /**
   * The golden rows: inputs whose logits are known.
   *
   * @return the rows; empty for a bundle of a format or a maker that knew none
   * @throws BundleException where they are missing, damaged or not of this cascade
   */
  public Optional<GoldenRows> goldenRows() {
    return reader.goldenRows(cascade);
  }

  /**
   * Loads every stage once on this machine's processor, comparing checksums and the models' inputs
   * and outputs with the manifest, and runs the golden rows.
   *
   * @return this
   * @throws BundleException where a stage is not what the manifest says, or gives other logits
   */
  public ModelBundle verify() {
    withRunners(Device.CPU, 1, GoldenCheck::require);
    return this;
  }

  /**
   * Runs the golden rows through every stage.
   *
   * @param device where to run them
   * @param microBatch rows of a full call, at least 1; the rows run one by one as well
   * @return the largest difference of a logit from its golden one at each exit; 0 in a bundle
   *     without golden rows
   * @throws BundleException where a stage cannot be loaded or a call fails
   */
  public List<Double> goldenDifferences(Device device, int microBatch) {
    List<Double> differences = new ArrayList<>();
    withRunners(
        device,
        microBatch,
        (check, runner, batch) -> differences.add(check.difference(runner, batch)));
    return differences;
  }

  /** What is done with a stage and its check. */
  private interface Trial {
    void run(GoldenCheck check, StageRunner runner, MicroBatch batch) throws InferenceException;
  }

  private void withRunners(Device device, int microBatch, Trial trial) {
    List<StageRunner> open = new ArrayList<>(); // to the end, so that every session is made once
    try {
      for (Stage stage : cascade.stages()) {
        StageRunner runner = stage(stage, device).open();
        open.add(runner);
        try (GoldenCheck check = stage(stage, device).goldenCheck();
            MicroBatch batch = runner.allocate(microBatch)) {
          trial.run(check, runner, batch);
        }
      }
    } catch (InferenceException | IOException e) {
      throw new BundleException("bundle " + stored.location() + ": " + e.getMessage(), e);
    } finally {
      open.forEach(StageRunner::close);
    }
  }
}
