package io.boostnet.jobs.serve;

import io.boostnet.flink.event.EventRules;
import io.boostnet.flink.options.Limits;
import java.time.Duration;

/**
 * When the class of a source counts as another, and when it is offline.
 *
 * @param enter frames of the new class among the newest, such as 3/5, or evidence:nats; default 3/5
 * @param shortestMs how long the new class has to last, in milliseconds of the frames' time;
 *     default 0
 * @param gapMs without a frame for so long a source is offline, in milliseconds; default never
 * @param imageBytes largest image file that an event carries, in bytes; default 0, none
 */
public record EventConfig(String enter, Integer shortestMs, Integer gapMs, Integer imageBytes) {

  /** Three of the last five frames, and no source is ever offline. */
  public static final EventConfig DEFAULT = new EventConfig(null, null, null, null);

  private static final int DAY_MS = 86_400_000;

  public EventConfig {
    enter = enter == null ? "3/5" : enter;
    shortestMs = shortestMs == null ? 0 : shortestMs;
    Require.range("events.shortestMs", shortestMs, 0, DAY_MS);
    if (gapMs != null) {
      Require.range("events.gapMs", gapMs, 1, DAY_MS);
    }
    imageBytes = imageBytes == null ? 0 : imageBytes;
    Require.range("events.imageBytes", imageBytes, 0, Limits.DEFAULT.imageBytes());
    try {
      EventRules.parse(enter);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("events.enter: " + e.getMessage(), e);
    }
  }

  /** Them for the library. */
  public EventRules toRules() {
    return EventRules.parse(enter)
        .lasting(Duration.ofMillis(shortestMs))
        .offlineAfter(Duration.ofMillis(gapMs == null ? 0 : gapMs));
  }
}
