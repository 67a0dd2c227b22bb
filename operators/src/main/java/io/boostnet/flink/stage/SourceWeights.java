package io.boostnet.flink.stage;

import io.boostnet.flink.budget.Weighting;
import io.boostnet.flink.options.Priorities;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * Priorities of sources as the exits take them. Immutable; nothing is kept of a source.
 *
 * @param priorities which of them a source has
 * @param weightings one for each; of other sources {@link Weighting#USUAL}
 */
@Internal
public record SourceWeights(Priorities priorities, List<Weighting> weightings)
    implements Serializable {

  /** All sources matter alike. */
  public static final SourceWeights NONE = new SourceWeights(Priorities.NONE, List.of());

  private static final long serialVersionUID = 1;

  /** Copies the list, and checks that there are as many of both. */
  public SourceWeights {
    weightings = List.copyOf(weightings);
    if (weightings.size() != priorities.entries().size()) {
      throw new IllegalArgumentException(
          "%d priorities have %d weightings; as many are needed"
              .formatted(priorities.entries().size(), weightings.size()));
    }
  }

  /** Which priority a source has; see {@link Priorities#of}. */
  int of(String source) {
    return priorities.of(source);
  }

  /** The confidence that counts of a frame with such a priority. */
  float counted(int priority, int exit, float confidence) {
    if (!priorities.isOn()) {
      return confidence;
    }
    Weighting weighting = priority < weightings.size() ? weightings.get(priority) : Weighting.USUAL;
    return weighting.counted(exit, confidence);
  }
}
