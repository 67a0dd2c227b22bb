package io.boostnet.training.bundle;

import ai.onnxruntime.OrtEnvironment;
import io.boostnet.schema.Provenance;
import io.boostnet.training.bundle.onnx.OnnxGraph;
import io.boostnet.training.torch.Torch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * Starts the provenance of a bundle with what is known of every bundle: when, from what, and by
 * which software.
 */
public final class Provenances {

  private Provenances() {}

  /** The same for stages that are compared with their network on libtorch. */
  static Provenance.Builder beginCompared(String origin) {
    Provenance.Builder provenance = begin(origin);
    provenance.getLibraries().put("libtorch, to compare with", Torch.version());
    return provenance;
  }

  public static Provenance.Builder begin(String origin) {
    Map<String, String> libraries = new HashMap<>();
    libraries.put("java", Runtime.version().toString());
    libraries.put("onnxruntime", OrtEnvironment.getEnvironment().getVersion());
    libraries.put("onnx operator set", String.valueOf(OnnxGraph.OPERATOR_SET));
    return Provenance.newBuilder()
        .setCreatedAt(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
        .setOrigin(origin)
        .setDataSet("")
        .setDataSha256("")
        .setSeed(0)
        .setEpochs(0)
        .setConfiguration(Map.of())
        .setLibraries(libraries);
  }
}
