package io.boostnet.jobs.serve;

import java.time.Duration;

/**
 * How long a result may wait in a network buffer, and then in the producer. With exactly-once it is
 * seen after the next checkpoint, so that fuller buffers and requests, which cost less, delay
 * nothing. With at-least-once not to wait at all costs a request a frame, and is no faster.
 */
enum Wait {
  AT_LEAST_ONCE(5, 2),
  EXACTLY_ONCE(20, 100);

  private final Duration inBuffer;
  private final int inProducerMs;

  Wait(int inBufferMs, int inProducerMs) {
    this.inBuffer = Duration.ofMillis(inBufferMs);
    this.inProducerMs = inProducerMs;
  }

  static Wait of(ServeConfig config) {
    return switch (config.kafka().delivery()) {
      case AT_LEAST_ONCE -> AT_LEAST_ONCE;
      case EXACTLY_ONCE -> EXACTLY_ONCE;
    };
  }

  Duration inBuffer() {
    return inBuffer;
  }

  int inProducerMs() {
    return inProducerMs;
  }
}
