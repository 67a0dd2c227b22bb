package io.boostnet.jobs.camera.feed;

import java.time.Duration;

/**
 * How long to wait before a camera is tried again: a second, then twice as long each time, up to a
 * longest; a second again once frames came. No clock, no thread.
 */
final class Backoff {

  private static final Duration FIRST = Duration.ofSeconds(1);

  private final Duration longest;
  private Duration next;

  Backoff(Duration longest) {
    this.longest = longest;
    succeeded();
  }

  /** Frames came. */
  void succeeded() {
    next = FIRST.compareTo(longest) < 0 ? FIRST : longest;
  }

  /** The pause after one more failure. */
  Duration pause() {
    Duration now = next;
    next = next.multipliedBy(2).compareTo(longest) < 0 ? next.multipliedBy(2) : longest;
    return now;
  }
}
