package io.boostnet.flink.model;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * An early-exit network as the ordered stages of a bundle, checked when the bundle was read.
 *
 * @param name name of the bundle
 * @param version version of the bundle
 * @param labels names of the classes; the index is the class
 * @param preprocessing from an image to the input of stage 1
 * @param stages stage 1 .. K
 */
@PublicEvolving
public record Cascade(
    String name,
    String version,
    List<String> labels,
    Preprocessing preprocessing,
    List<Stage> stages)
    implements Serializable {

  public Cascade {
    labels = List.copyOf(labels);
    stages = List.copyOf(stages);
  }

  /** Number of exits, which is the number of stages. */
  public int exits() {
    return stages.size();
  }

  /** Number of classes. */
  public int classes() {
    return labels.size();
  }

  /** Cost of each exit in multiply-accumulate operations, as shares of the full network's. */
  public StageCost costInMacs() {
    return StageCost.ofCumulative(stages.stream().mapToDouble(Stage::cumulativeMacs).toArray());
  }
}
