package io.boostnet.training.bundle;

import io.boostnet.schema.ManifestJson;
import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.StageManifest;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.input.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.AvroRuntimeException;

/**
 * The directory of a model bundle, to read what is in it and to replace its manifest.
 *
 * @param path the directory
 */
public record BundleFolder(Path path) {

  /**
   * The manifest, of any format so far.
   *
   * @throws BadInputException where there is none that can be read
   */
  public ModelManifest manifest() {
    Path file = path.resolve(ManifestJson.FILE);
    try {
      return ManifestJson.read(Files.readAllBytes(file));
    } catch (IOException | AvroRuntimeException e) {
      throw new BadInputException(
          "There is no manifest at " + file + " that can be read: " + e.getMessage(), e);
    }
  }

  /**
   * The models of the stages, compared with their checksums.
   *
   * @throws BadInputException where one is missing or another than the manifest says
   */
  public List<StageModel> stages() {
    return stages(manifest().getStages());
  }

  /**
   * The models of some form of the stages, compared with their checksums.
   *
   * @throws BadInputException where one is missing or another than the manifest says
   */
  List<StageModel> stages(List<StageManifest> form) {
    List<StageModel> stages = new ArrayList<>();
    for (StageManifest stage : form) {
      Path file = path.resolve(stage.getFile());
      try {
        byte[] onnx = Files.readAllBytes(file);
        if (!Sha256.of(onnx).equals(stage.getSha256())) {
          throw BadInputException.of(
              "%s is not the file of the manifest: its SHA-256 differs.", file);
        }
        stages.add(new StageModel(stage.getInputs(), stage.getOutputs(), onnx));
      } catch (IOException e) {
        throw new BadInputException("The stage " + file + " cannot be read: " + e, e);
      }
    }
    return stages;
  }

  /** Puts a manifest in the place of the one before, whole or not at all. */
  public void write(ModelManifest manifest) throws IOException {
    Path whole = path.resolve(ManifestJson.FILE);
    Path unfinished = path.resolve(ManifestJson.FILE + ".part");
    try (OutputStream out = Files.newOutputStream(unfinished)) {
      ManifestJson.write(manifest, out);
    }
    Files.move(
        unfinished, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
