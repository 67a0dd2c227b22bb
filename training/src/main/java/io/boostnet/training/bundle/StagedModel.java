package io.boostnet.training.bundle;

import io.boostnet.schema.Architecture;
import io.boostnet.schema.Provenance;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.data.InputFormat;
import java.util.List;

/**
 * An early-exit network as a bundle holds it, wherever its stages come from; all but the evidence.
 *
 * @param name name of the bundle: letters, digits, dots, dashes and underscores
 * @param version version of the bundle
 * @param architecture family and arguments, as the manifest states them
 * @param labels names of the classes
 * @param input from an image to the input tensor
 * @param stages the stages in their order; the logits of the last output are the ensemble's
 * @param cumulativeMacs multiply-accumulate operations for one image up to each exit
 * @param cumulativeParameters trained parameters up to each exit
 * @param provenance where the weights come from
 */
public record StagedModel(
    String name,
    String version,
    Architecture architecture,
    List<String> labels,
    InputFormat input,
    List<StageModel> stages,
    List<Long> cumulativeMacs,
    List<Long> cumulativeParameters,
    Provenance provenance) {

  public StagedModel {
    labels = List.copyOf(labels);
    stages = List.copyOf(stages);
    cumulativeMacs = List.copyOf(cumulativeMacs);
    cumulativeParameters = List.copyOf(cumulativeParameters);
    if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException(
          "the bundle's name is \""
              + name
              + "\"; use letters, digits, dots, dashes and underscores");
    }
    long classes = stages.get(0).classes();
    if (labels.size() != classes) {
      throw new IllegalArgumentException(
          "there are " + labels.size() + " labels for " + classes + " classes");
    }
  }

  /** Number of classes. */
  public int classes() {
    return labels.size();
  }
}
