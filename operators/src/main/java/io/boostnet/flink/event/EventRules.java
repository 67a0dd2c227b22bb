package io.boostnet.flink.event;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;

/**
 * When a source's class counts as another, and when the source as gone. Immutable.
 *
 * @param enough frames of the new class, at least 1, over half of {@code of}; not used where
 *     evidence is asked for
 * @param of frames among the newest of the source that are looked at, 1 .. {@value #MOST_FRAMES}
 * @param evidence in place of a number of frames: sum of their log odds for the new class, in nats,
 *     above 0; 0 for none
 * @param shortest how long the new class has to last, by the frames' event time, at least 0
 * @param gap without a frame for so long a source is offline; zero for never
 * @param forget a source without a frame for so long is forgotten, by processing time; longer than
 *     {@code gap} and {@code shortest}. One that comes again after it is a new one
 */
@PublicEvolving
public record EventRules(
    int enough, int of, double evidence, Duration shortest, Duration gap, Duration forget)
    implements Serializable {

  /** Most frames of a source that are remembered. */
  public static final int MOST_FRAMES = 64;

  private static final String EVIDENCE = "evidence:";
  private static final Duration FORGET = Duration.ofDays(1);
  private static final long serialVersionUID = 1;

  /** Three of the last five frames, at once, and no source is ever offline. */
  public static final EventRules DEFAULT = parse("3/5");

  /** Checks the values. */
  public EventRules {
    Objects.requireNonNull(shortest, "shortest");
    Objects.requireNonNull(gap, "gap");
    Objects.requireNonNull(forget, "forget");
    require(
        of >= 1 && of <= MOST_FRAMES,
        "looks at %d frames; allowed are 1 to %d".formatted(of, MOST_FRAMES));
    require(
        enough <= of && 2 * enough > of,
        "asks for %d of %d frames; over half of them is needed, so that no two classes have it"
            .formatted(enough, of));
    require(
        evidence >= 0 && evidence <= 1000,
        "asks for evidence of %s nats; above 0 and at most 1000 is needed".formatted(evidence));
    require(!shortest.isNegative(), "shortest is " + shortest + "; at least 0 is needed");
    require(!gap.isNegative(), "gap is " + gap + "; at least 0 is needed");
    require(
        forget.compareTo(gap) > 0 && forget.compareTo(shortest) > 0,
        "forget is %s; longer than the gap (%s) and the shortest duration (%s) is needed"
            .formatted(forget, gap, shortest));
  }

  /**
   * The rule of a text: {@code 3/5} for three of the last five frames, {@code evidence:6} for a sum
   * of log odds of 6; no shortest duration and no gap.
   *
   * @throws IllegalArgumentException where it is neither
   */
  public static EventRules parse(String enter) {
    try {
      if (enter.startsWith(EVIDENCE)) {
        double nats = Double.parseDouble(enter.substring(EVIDENCE.length()));
        require(nats > 0, "asks for evidence of %s nats; above 0 is needed".formatted(nats));
        return rules(MOST_FRAMES, MOST_FRAMES, nats);
      }
      String[] parts = enter.split("/", -1);
      if (parts.length == 2) {
        return rules(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), 0);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "enter is '%s'; use frames such as 3/5, or evidence:6".formatted(enter));
  }

  private static EventRules rules(int enough, int of, double evidence) {
    return new EventRules(enough, of, evidence, Duration.ZERO, Duration.ZERO, FORGET);
  }

  /** The same for classes that last so long. */
  public EventRules lasting(Duration newShortest) {
    return new EventRules(enough, of, evidence, newShortest, gap, forget);
  }

  /** The same, with a source offline that has no frame for so long; zero for never. */
  public EventRules offlineAfter(Duration newGap) {
    return new EventRules(enough, of, evidence, shortest, newGap, forget);
  }

  boolean hasGap() {
    return !gap.isZero();
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException("the rule of events " + message);
    }
  }
}
