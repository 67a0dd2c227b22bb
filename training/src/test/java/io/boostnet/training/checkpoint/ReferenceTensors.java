package io.boostnet.training.checkpoint;

import io.boostnet.training.network.ReferenceNetworks;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Weights and forward results of the reference networks, taken from the official implementation.
 */
public final class ReferenceTensors {

  private ReferenceTensors() {}

  /** A file of {@code reference/<name>}. */
  public static Path file(String name, String file) {
    URL folder = ReferenceTensors.class.getResource("/reference/" + name);
    try {
      return Path.of(folder.toURI()).resolve(file);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The checkpoint: {@code model_best.pth} where there is one, else {@code weights.safetensors}.
   */
  public static Path checkpoint(String name) {
    Path torch = file(name, "model_best.pth");
    return Files.exists(torch) ? torch : file(name, "weights.safetensors");
  }

  /** Exactly the tensors of a reference network. */
  public static NamedTensors weights(ReferenceNetworks reference) {
    return NamedTensors.read(checkpoint(reference.name()))
        .matching(reference.network().parameters(), reference.network().batchCounters());
  }

  /** {@code input}, {@code head_logits} and {@code ensemble_logits}. */
  public static NamedTensors forward(String name) {
    return NamedTensors.read(file(name, "forward.safetensors"));
  }
}
