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
 * @param times what an image takes in each of them, {@link StageTimes#NONE} where that is unknown
 */
@PublicEvolving
public record Cascade(
    String name,
    String version,
    List<String> labels,
    Preprocessing preprocessing,
    List<Stage> stages,
    StageTimes times)
    implements Serializable {

  public Cascade {
    labels = List.copyOf(labels);
    stages = List.copyOf(stages);
    if (times.isMeasured() && times.nanos().size() != stages.size()) {
      throw new IllegalArgumentException(
          "there are times of %d stages, and %d stages"
              .formatted(times.nanos().size(), stages.size()));
    }
  }

  /** A cascade whose times are unknown. */
  public Cascade(
      String name,
      String version,
      List<String> labels,
      Preprocessing preprocessing,
      List<Stage> stages) {
    this(name, version, labels, preprocessing, stages, StageTimes.NONE);
  }

  /** Number of exits, which is the number of stages. */
  public int exits() {
    return stages.size();
  }

  /** Number of classes. */
  public int classes() {
    return labels.size();
  }

  /** What costs count in where this unit is asked for: operations where times are unknown. */
  public CostUnit unitOf(CostUnit wanted) {
    return times.isMeasured() ? wanted : CostUnit.MACS;
  }

  /** Cost of each exit in a unit, or in operations where times are unknown. */
  public StageCost cost(CostUnit unit) {
    return unitOf(unit) == CostUnit.TIME ? times.cost() : costInMacs();
  }

  /** Cost of each exit in multiply-accumulate operations, as shares of the full network's. */
  public StageCost costInMacs() {
    return StageCost.ofCumulative(stages.stream().mapToDouble(Stage::cumulativeMacs).toArray());
  }
}
