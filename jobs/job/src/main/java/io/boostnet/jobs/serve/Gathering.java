package io.boostnet.jobs.serve;

import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How results gather on their way out. With exactly-once a result is seen after the next
 * checkpoint, so that full buffers and requests, which cost less, delay nothing. With at-least-once
 * nothing waits for a clock: a request goes when the one before has been answered, so that they
 * fill as the load rises, and so does a network buffer, which control events and events cross.
 */
enum Gathering {
  AT_LEAST_ONCE(0, 0, 1),
  EXACTLY_ONCE(100, 100, 5);

  private final Duration inBuffer;
  private final int inProducerMs;
  private final int requests;

  Gathering(int inBufferMs, int inProducerMs, int requests) {
    this.inBuffer = Duration.ofMillis(inBufferMs);
    this.inProducerMs = inProducerMs;
    this.requests = requests;
  }

  static Gathering of(ServeConfig config) {
    return switch (config.kafka().delivery()) {
      case AT_LEAST_ONCE -> AT_LEAST_ONCE;
      case EXACTLY_ONCE -> EXACTLY_ONCE;
    };
  }

  /** Longest wait in a network buffer; 0 for none. */
  Duration inBuffer() {
    return inBuffer;
  }

  /** Sets what the producer was not told otherwise. */
  void set(Properties producer) {
    producer.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, String.valueOf(inProducerMs));
    producer.putIfAbsent(
        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, String.valueOf(requests));
  }
}
