package io.boostnet.flink.model;

import java.util.Locale;
import org.apache.flink.annotation.Public;

/** What the cost of an image counts in: costs are shares of the full network's. */
@Public
public enum CostUnit {
  /**
   * Time of the stages, as whoever made the bundle measured it; operations where the bundle has no
   * times.
   */
  TIME,
  /** Multiply-accumulate operations. */
  MACS;

  /**
   * Reads {@code time} or {@code macs}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static CostUnit parse(String text) {
    for (CostUnit unit : values()) {
      if (unit.toString().equals(text)) {
        return unit;
      }
    }
    throw new IllegalArgumentException("cost is '" + text + "'; use time or macs");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
