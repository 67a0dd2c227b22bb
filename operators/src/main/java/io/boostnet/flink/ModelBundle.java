package io.boostnet.flink;

import io.boostnet.flink.codec.BundleException;
import io.boostnet.flink.codec.BundleReader;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.StageRunnerFactory;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.Stage;
import io.boostnet.schema.ModelManifest;
import java.io.IOException;

/** A model bundle that was read and checked. Immutable; thread-safe; holds no native memory. */
public final class ModelBundle {

  private final StoredBundle stored;
  private final BundleReader reader;
  private final Cascade cascade;

  private ModelBundle(StoredBundle stored) {
    this.stored = stored;
    this.reader = new BundleReader(stored);
    this.cascade = reader.cascade();
  }

  /**
   * Reads a bundle's manifest and checks that its stages fit each other.
   *
   * @param location directory or .zip file, as a path or a URI of any of Flink's file systems
   * @throws BundleException where there is none or it is wrong
   */
  public static ModelBundle read(String location) {
    return new ModelBundle(new StoredBundle(location));
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
  public StageRunnerFactory stage(Stage stage, Device device) {
    return new BundleStage(stored, stage, device);
  }

  /**
   * Loads every stage once, comparing checksums and the models' inputs and outputs with the
   * manifest.
   *
   * @return this
   * @throws BundleException where a stage is not what the manifest says
   */
  public ModelBundle verify() {
    for (Stage stage : cascade.stages()) {
      try (StageRunner runner = stage(stage, Device.CPU).open()) {
        runner.stage();
      } catch (InferenceException | IOException e) {
        throw new BundleException("bundle " + stored.location() + ": " + e.getMessage(), e);
      }
    }
    return this;
  }
}
