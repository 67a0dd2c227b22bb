package io.boostnet.flink.metrics;

import org.apache.flink.annotation.PublicEvolving;

/**
 * Names of all metrics, as they appear in Flink's metric system under the operator's scope. Stages
 * report under a group {@code stage} with the stage's number as its value.
 */
@PublicEvolving
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

  /**
   * Gauge: sessions open in the TaskManager, in the class loader of the stage: as a rule those of
   * its job.
   */
  public static final String SESSIONS = "sessions";

  /** Gauge: 1 where a GPU was looked for and the processor does the work instead, else 0. */
  public static final String CPU_FALLBACK = "cpuFallback";

  /** Counter: frames that could not be read or decoded. */
  public static final String DECODE_FAILURES = "decodeFailures";

  /**
   * Counter: frames whose image was read although it breaks its format's rules, where no pixel
   * depends on it: stray bytes between header segments, a wrong checksum in a text.
   */
  public static final String FLAWED_IMAGES = "flawedImages";

  /** Histogram: time to read and decode a frame, in microseconds. */
  public static final String DECODE_MICROS = "decodeMicros";

  /** Counter: predictions made. */
  public static final String PREDICTIONS = "predictions";

  /** Counter: frames that were not run and inherited a decision. */
  public static final String INHERITED = "inherited";

  /** Counter: events made. */
  public static final String EVENTS = "events";

  /** Counter: frames that came too late to count for an event, or came twice. */
  public static final String LATE_FRAMES = "lateFrames";

  /** Counter: dead letters made. */
  public static final String DEAD_LETTERS = "deadLetters";

  /** Histogram: from a frame's timestamp to its prediction, in milliseconds. */
  public static final String END_TO_END_MILLIS = "endToEndMillis";

  /** Gauge: frames held back to restore the order. */
  public static final String HELD_FOR_ORDER = "heldForOrder";

  /** Gauge: share of the frames reaching the stage that may continue, 0..1. */
  public static final String QUOTA = "quota";

  /** Counter: frames that left at the stage's exit and ran on for an audit. */
  public static final String AUDITED = "audited";

  /** Group of the controller's metrics, in the scope of the coordinator of stage 1. */
  public static final String CONTROL = "control";

  /** Gauge: mean cost per frame aimed at, as a share of the full network's; NaN without one. */
  public static final String BUDGET = "budget";

  /** Gauge: {@link #BUDGET} where the load leaves room for it; NaN without one. */
  public static final String TARGET = "target";

  /**
   * Group of the controller whose value is what an entry of the priorities says of its sources, or
   * "others".
   */
  public static final String PRIORITY = "priority";

  /**
   * Gauge: mean cost per frame in the last window, as a share of the full network's; by priority,
   * over the last few hundred frames.
   */
  public static final String MEASURED_COST = "measuredCost";

  /** Gauge: price of compute, accuracy gained per unit of cost at the budget. */
  public static final String PRICE = "price";

  /** Gauge: frames per second that the stream needs. */
  public static final String NEEDED_RATE = "neededRate";

  /** Gauge: frames per second decided in the last window. */
  public static final String SERVED_RATE = "servedRate";

  /** Gauge: age of the oldest frame waiting, in milliseconds. */
  public static final String BACKLOG_AGE_MS = "backlogAgeMs";

  /**
   * Gauge: share of the last window that the thread of the subtask with the most arrivals was busy,
   * 0..1.
   */
  public static final String UTILIZATION = "utilization";

  /** Gauge: share of the last window's frames whose exit was forced, 0..1. */
  public static final String FORCED_SHARE = "forcedShare";

  /** Gauge: share of the last window's frames that were not run, 0..1. */
  public static final String INHERITED_SHARE = "inheritedShare";

  /** Partitions whose timestamps are not believed, so that their records alone are measured. */
  public static final String OFF_CLOCKS = "offClocks";

  /** Gauge, per exit: share of its audited frames whose class the last exit confirmed, 0..1. */
  public static final String AUDIT_AGREEMENT = "auditAgreement";

  private MetricNames() {}

  /**
   * Records of the frames topic behind its last stable offset: they stand in or behind open
   * transactions, no reader of committed records sees them, and its lag does not count them.
   */
  public static final String UNCOMMITTED_RECORDS = "uncommittedRecords";

  /** How long the last stable offset has stood still before them, in milliseconds. */
  public static final String UNCOMMITTED_AGE_MS = "uncommittedAgeMs";
}
