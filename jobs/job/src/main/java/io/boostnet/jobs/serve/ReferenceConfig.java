package io.boostnet.jobs.serve;

import io.boostnet.flink.options.References;
import java.time.Duration;
import java.util.List;

/**
 * How images are read that records refer to.
 *
 * @param allow what a URI must begin with, each ending with a slash; at least one
 * @param capacity images that a subtask waits for at a time; default 64
 * @param timeoutMs from a frame's arrival to its image, in milliseconds; default 10,000
 * @param retries further tries where a store fails; default 2
 */
public record ReferenceConfig(
    List<String> allow, Integer capacity, Integer timeoutMs, Integer retries) {

  public ReferenceConfig {
    allow = allow == null ? List.of() : List.copyOf(allow);
    capacity = capacity == null ? 64 : capacity;
    timeoutMs = timeoutMs == null ? 10_000 : timeoutMs;
    retries = retries == null ? 2 : retries;
    try {
      new References(allow, capacity, Duration.ofMillis(timeoutMs), retries);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("kafka.references: " + e.getMessage(), e);
    }
  }

  /** Them for the library. */
  public References toReferences() {
    return new References(allow, capacity, Duration.ofMillis(timeoutMs), retries);
  }
}
