package io.boostnet.flink.metrics;

import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;

/** What one stage of one subtask reports. Used by the task's thread alone. */
@Internal
public final class StageMetrics {

  private final MetricGroup group;
  private final Counter recordsIn;
  private final Counter survivors;
  private final Counter exits;
  private final Counter forcedExits;
  private final Counter failures;
  private final Counter audited;
  private final Histogram batchSize;
  private final Histogram inferenceMicros;
  private final Histogram queueMicros;

  /**
   * Registers the stage's metrics.
   *
   * @param operator the operator's group
   * @param stage number of the stage, 1 .. K
   */
  public StageMetrics(MetricGroup operator, int stage) {
    group = operator.addGroup(MetricNames.STAGE, String.valueOf(stage));
    recordsIn = group.counter(MetricNames.RECORDS_IN);
    survivors = group.counter(MetricNames.SURVIVORS);
    exits = group.counter(MetricNames.EXITS);
    forcedExits = group.counter(MetricNames.FORCED_EXITS);
    failures = group.counter(MetricNames.INFERENCE_FAILURES);
    audited = group.counter(MetricNames.AUDITED);
    batchSize = Histograms.register(group, MetricNames.BATCH_SIZE);
    inferenceMicros = Histograms.register(group, MetricNames.INFERENCE_MICROS);
    queueMicros = Histograms.register(group, MetricNames.QUEUE_MICROS);
  }

  /** Registers a gauge of the stage. */
  public void gauge(String name, Gauge<?> value) {
    group.gauge(name, value);
  }

  /** A frame reached the stage. */
  public void arrived() {
    recordsIn.inc();
  }

  /** A frame goes on. */
  public void survived() {
    survivors.inc();
  }

  /** A frame left. */
  public void left(boolean forced) {
    exits.inc();
    if (forced) {
      forcedExits.inc();
    }
  }

  /** A frame that left runs on for an audit. */
  public void audited() {
    audited.inc();
  }

  /** The network failed for a frame. */
  public void failed() {
    failures.inc();
  }

  /**
   * A call ended.
   *
   * @param rows rows of the micro-batch
   * @param queueNanos wait of its oldest row before the call
   * @param callNanos time of the call
   */
  public void called(int rows, long queueNanos, long callNanos) {
    batchSize.update(rows);
    queueMicros.update(queueNanos / 1000);
    inferenceMicros.update(callNanos / 1000);
  }
}
