package io.boostnet.jobs.format;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schemas that records were written with, asked for once each. A registry that does not answer
 * is waited for, however long: nothing becomes a dead letter because a registry restarts. For one
 * thread, whose interruption ends the wait.
 */
final class WriterSchemas {

  private static final Logger LOG = LoggerFactory.getLogger(WriterSchemas.class);
  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 5_000;

  /** For how long an id that is not there is not asked for again. */
  private static final long UNKNOWN_FOR_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** So many unknown ids are kept that records of random bytes take no memory. */
  private static final int UNKNOWN_KEPT = 1_000;

  private final SchemaRegistry registry;
  private final Map<Integer, Schema> known = new HashMap<>();
  private final Map<Integer, Long> unknownSince = new HashMap<>();

  WriterSchemas(SchemaRegistry registry) {
    this.registry = registry;
  }

  /** The schema of an id; empty where the registry says that there is none. */
  Optional<Schema> of(int id) {
    Schema schema = known.get(id);
    if (schema != null) {
      return Optional.of(schema);
    }
    Long since = unknownSince.get(id);
    if (since != null && System.nanoTime() - since < UNKNOWN_FOR_NANOS) {
      return Optional.empty();
    }
    Optional<Schema> answer = ask(id);
    if (answer.isPresent()) {
      known.put(id, answer.get());
      unknownSince.remove(id);
      LOG.info("schema {} of {} is {}", id, registry, answer.get().getFullName());
    } else {
      if (unknownSince.size() >= UNKNOWN_KEPT) {
        unknownSince.clear();
      }
      unknownSince.put(id, System.nanoTime());
    }
    return answer;
  }

  private Optional<Schema> ask(int id) {
    for (long pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        return registry.schema(id);
      } catch (IOException e) {
        LOG.warn("schema {} cannot be had, trying again in {} ms: {}", id, pauseMs, e.getMessage());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMs));
        if (Thread.currentThread().isInterrupted()) {
          throw new IllegalStateException("interrupted while waiting for the schema registry", e);
        }
      }
    }
  }
}
