package io.boostnet.flink.metrics;

/**
 * Names of all metrics, as they appear in Flink's metric system under the operator's scope. Stages
 * report under a group {@code stage} with the stage's number as its value.
 */
public final class MetricNames {

  /** Group whose value is the number of the stage, 1 .. K. */
  public static final String STAGE = "stage";

  /** Counter: frames that reached the stage. */
  public static final String RECORDS_IN = "recordsIn";

  /** Counter: frames that went on to the next stage. */
  public static final String SURVIVORS = "survivors";

  /** Counter: frames that left at the stage's exit. */
  public static final String EXITS = "exits";

  /** Counter: frames of {@link #EXITS} that left below the threshold. */
  public static final String FORCED_EXITS = "forcedExits";

  /** Counter: frames for which the stage's network failed. */
  public static final String INFERENCE_FAILURES = "inferenceFailures";

  /** Histogram: rows of a micro-batch. */
  public static final String BATCH_SIZE = "batchSize";

  /** Histogram: time of a call to the network, in microseconds. */
  public static final String INFERENCE_MICROS = "inferenceMicros";

  /** Histogram: wait of a micro-batch's oldest row for its call, in microseconds. */
  public static final String QUEUE_MICROS = "queueMicros";

  /** Gauge: micro-batch size that the stage uses. */
  public static final String BATCH_CAPACITY = "batchCapacity";

  /** Gauge: threshold of the stage's exit. */
  public static final String THRESHOLD = "threshold";

  /** Gauge: version of the thresholds. */
  public static final String THRESHOLDS_VERSION = "thresholdsVersion";

  /** Gauge: sessions open in the TaskManager. */
  public static final String SESSIONS = "sessions";

  /** Gauge: 1 where a GPU was looked for and the processor does the work instead, else 0. */
  public static final String CPU_FALLBACK = "cpuFallback";

  /** Counter: frames that could not be read or decoded. */
  public static final String DECODE_FAILURES = "decodeFailures";

  /** Histogram: time to read and decode a frame, in microseconds. */
  public static final String DECODE_MICROS = "decodeMicros";

  /** Counter: predictions made. */
  public static final String PREDICTIONS = "predictions";

  /** Counter: dead letters made. */
  public static final String DEAD_LETTERS = "deadLetters";

  /** Histogram: from a frame's timestamp to its prediction, in milliseconds. */
  public static final String END_TO_END_MILLIS = "endToEndMillis";

  /** Gauge: frames held back to restore the order. */
  public static final String HELD_FOR_ORDER = "heldForOrder";

  private MetricNames() {}
}
