package io.boostnet.training.cut;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.graph.OnnxFile;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stage files, and what a manifest beside them says: it may be incomplete and wrong in all that is
 * counted from the files.
 *
 * @param models the stages in their order
 * @param manifest the manifest's JSON; a missing node where there is none
 * @param place where they are, for messages
 */
record StageFolder(List<ModelProto> models, JsonNode manifest, Path place) {

  /** Reads a folder of stages, or stage files. */
  static StageFolder of(List<Path> given) {
    List<Path> files = files(given);
    Path manifest = files.get(0).toAbsolutePath().resolveSibling("manifest.json");
    JsonNode json = new ObjectMapper().createObjectNode();
    if (Files.exists(manifest)) {
      try {
        json = new ObjectMapper().readTree(manifest.toFile());
      } catch (IOException e) {
        throw new BadInputException(manifest + " is not JSON: " + e.getMessage(), e);
      }
    }
    return new StageFolder(files.stream().map(OnnxFile::read).toList(), json, manifest);
  }

  /** The files of the stages, in their order. */
  static List<Path> files(List<Path> given) {
    if (given.size() > 1 || !Files.isDirectory(given.get(0))) {
      return given;
    }
    List<Path> files = new ArrayList<>();
    for (int k = 1; Files.exists(given.get(0).resolve("stage-" + k + ".onnx")); k++) {
      files.add(given.get(0).resolve("stage-" + k + ".onnx"));
    }
    if (files.isEmpty()) {
      throw BadInputException.of(
          "%s has no stage-1.onnx: name the stages stage-1.onnx, stage-2.onnx, ..., or give the files.",
          given.get(0));
    }
    return files;
  }

  Optional<List<String>> labels() {
    List<String> labels = new ArrayList<>();
    manifest.path("labels").forEach(label -> labels.add(label.asText()));
    return labels.isEmpty() ? Optional.empty() : Optional.of(labels);
  }

  /** The manifest's preprocessing; null where it has none. */
  InputFormat format() {
    return manifest.has("preprocessing")
        ? Preprocessings.of(manifest.get("preprocessing"), place).format()
        : null;
  }
}
