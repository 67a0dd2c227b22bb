package io.boostnet.flink.stage;

import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.StageRunnerFactory;
import io.boostnet.flink.metrics.MetricNames;
import io.boostnet.flink.metrics.StageMetrics;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Outcome;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.ThresholdChange;
import io.boostnet.flink.model.Ticket;
import io.boostnet.flink.options.MicroBatching;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stage: gathers a micro-batch, runs the network once, and lets every row leave at this exit or
 * go on to the next stage.
 *
 * <p>Nothing is in flight where Flink must not find it: a watermark waits for the rows before it, a
 * checkpoint barrier and the end of the input drain the micro-batch first, so that there is no
 * state. Runs on the task's thread alone; native memory is taken in {@link #open} and given back in
 * {@link #close}, which Flink calls after a failure too.
 *
 * <p>A row for which the network fails is run again by itself and becomes a dead letter if it fails
 * again; after {@value #FAILURES_IN_A_ROW} such rows without a good one between them it is not the
 * input that is bad, and the job fails.
 */
final class StageOperator extends AbstractStreamOperator<InFlightSample>
    implements OneInputStreamOperator<InFlightSample, InFlightSample>, BoundedOneInput {

  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(StageOperator.class);
  private static final int FAILURES_IN_A_ROW = 32;

  /** A row that waits for its call. */
  private record Waiting(Frame frame, Ticket ticket, boolean timestamped, long timestamp) {}

  private final StageRunnerFactory factory;
  private final MicroBatching batching;
  private final Thresholds thresholds;
  private final Stage stage;
  private final boolean last;

  private transient StageRunner runner;
  private transient MicroBatch batch;
  private transient Waiting[] waiting;
  private transient long oldestNanos;
  private transient boolean timerSet;
  private transient Watermark heldWatermark;
  private transient boolean announced;
  private transient int failuresInARow;
  private transient int subtask;
  private transient StageMetrics metrics;

  StageOperator(
      StreamOperatorParameters<InFlightSample> parameters,
      StageRunnerFactory factory,
      MicroBatching batching,
      Thresholds thresholds) {
    super(parameters);
    this.factory = factory;
    this.batching = batching;
    this.thresholds = thresholds;
    this.stage = factory.stage();
    this.last = stage.index() == thresholds.exits();
  }

  @Override
  public void open() throws Exception {
    super.open();
    subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    runner = factory.open();
    batch = runner.allocate(warmUp());
    waiting = new Waiting[batch.capacity()];
    metrics = new StageMetrics(getMetricGroup(), stage.index());
    metrics.gauge(MetricNames.BATCH_CAPACITY, batch::capacity);
    metrics.gauge(MetricNames.THRESHOLD, () -> thresholds.at(stage.index()));
    metrics.gauge(MetricNames.THRESHOLDS_VERSION, thresholds::version);
    metrics.gauge(MetricNames.SESSIONS, runner::openSessions);
    metrics.gauge(MetricNames.CPU_FALLBACK, () -> runner.fellBackToCpu() ? 1 : 0);
    announced = stage.index() != 1 || subtask != 0;
    if (!announced) {
      getProcessingTimeService()
          .registerTimer(getProcessingTimeService().getCurrentProcessingTime(), t -> announce());
    }
  }

  /** Runs the network before the first record needs it, and finds the micro-batch size. */
  private int warmUp() throws InferenceException {
    if (batching.isAuto()) {
      var curve = runner.serviceCurve(batching.linger(), MicroBatching.MAX_SIZE);
      int size = curve.bestWithin(batching.linger());
      LOG.info("{}: micro-batch size {} from the service curve {}", stage.label(), size, curve);
      return size;
    }
    LOG.info(
        "{}: micro-batch size {} as set; service curve {}",
        stage.label(),
        batching.size(),
        runner.serviceCurve(batching.linger(), batching.size()));
    return batching.size();
  }

  private void announce() {
    if (!announced) {
      announced = true;
      output.collect(
          StageTags.THRESHOLD_CHANGES,
          new StreamRecord<>(
              new ThresholdChange(
                  thresholds.version(),
                  getProcessingTimeService().getCurrentProcessingTime(),
                  "The job started with fixed thresholds.",
                  thresholds.toArray())));
    }
  }

  @Override
  public void processElement(StreamRecord<InFlightSample> element) throws Exception {
    InFlightSample sample = element.getValue();
    metrics.arrived();
    if (batch.size() == 0) {
      oldestNanos = System.nanoTime();
      setTimer();
    }
    waiting[batch.size()] =
        new Waiting(
            sample.frame(),
            sample.ticket(),
            element.hasTimestamp(),
            element.hasTimestamp() ? element.getTimestamp() : 0);
    batch.append(sample.features());
    if (batch.isFull()) {
      flush();
    }
  }

  private void setTimer() {
    if (!timerSet && batch.capacity() > 1) {
      timerSet = true;
      getProcessingTimeService()
          .registerTimer(
              getProcessingTimeService().getCurrentProcessingTime() + batching.linger().toMillis(),
              this::onLinger);
    }
  }

  private void onLinger(long now) throws Exception {
    timerSet = false;
    if (batch.size() == 0) {
      return;
    }
    long waitedMs = (System.nanoTime() - oldestNanos) / 1_000_000;
    if (waitedMs >= batching.linger().toMillis()) {
      flush();
    } else {
      setTimer();
    }
  }

  /** Runs what has been gathered, hands every row on, and lets a waiting watermark go. */
  private void flush() throws Exception {
    if (batch.size() > 0) {
      long start = System.nanoTime();
      try {
        runner.run(batch);
        metrics.called(batch.size(), start - oldestNanos, System.nanoTime() - start);
        for (int row = 0; row < batch.size(); row++) {
          conclude(batch, row, waiting[row]);
        }
      } catch (InferenceException e) {
        LOG.warn("{}; every row of it is tried by itself", e.getMessage());
        runRowByRow();
      }
      batch.clear();
    }
    if (heldWatermark != null) {
      Watermark watermark = heldWatermark;
      heldWatermark = null;
      super.processWatermark(watermark);
    }
  }

  private void runRowByRow() throws Exception {
    try (MicroBatch single = runner.allocate(1)) {
      for (int row = 0; row < batch.size(); row++) {
        single.clear();
        single.appendRowOf(batch, row);
        try {
          runner.run(single);
        } catch (InferenceException e) {
          reject(waiting[row], e.getMessage());
          continue;
        }
        conclude(single, 0, waiting[row]);
      }
    }
  }

  private void conclude(MicroBatch results, int row, Waiting sample) throws Exception {
    Confidence confidence = Confidence.of(results.logits(), row, stage.logits().rowElements());
    if (!confidence.isFinite()) {
      reject(sample, "the logits of " + stage.label() + " are not finite");
      return;
    }
    failuresInARow = 0;
    if (last || thresholds.leaves(stage.index(), confidence.value())) {
      metrics.left(false);
      emit(sample, Outcome.of(sample.ticket(), decide(sample.frame(), confidence)));
    } else {
      metrics.survived();
      output.collect(
          record(
              sample, new InFlightSample(sample.frame(), sample.ticket(), results.carried(row))));
    }
  }

  private Decision decide(Frame frame, Confidence confidence) {
    return new Decision(
        frame.sourceId(),
        frame.sequence(),
        frame.timestampMs(),
        frame.label(),
        confidence.label(),
        confidence.value(),
        stage.index(),
        false,
        thresholds.version(),
        subtask,
        getProcessingTimeService().getCurrentProcessingTime());
  }

  private void reject(Waiting sample, String detail) throws InferenceException {
    metrics.failed();
    if (++failuresInARow >= FAILURES_IN_A_ROW) {
      throw new InferenceException(
          "the network failed for %d frames in a row, the last at %s: %s"
              .formatted(failuresInARow, stage.label(), detail));
    }
    emit(
        sample,
        Outcome.of(
            sample.ticket(),
            new Rejection(
                sample.frame(), Rejection.Reason.INFERENCE_FAILED, stage.label(), detail)));
  }

  private void emit(Waiting sample, Outcome outcome) {
    output.collect(StageTags.OUTCOMES, record(sample, outcome));
  }

  private static <T> StreamRecord<T> record(Waiting sample, T value) {
    return sample.timestamped()
        ? new StreamRecord<>(value, sample.timestamp())
        : new StreamRecord<>(value);
  }

  @Override
  public void processWatermark(Watermark watermark) throws Exception {
    if (batch.size() == 0) {
      super.processWatermark(watermark);
    } else {
      heldWatermark = watermark;
    }
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    flush();
    super.processWatermarkStatus(status);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    flush();
  }

  @Override
  public void endInput() throws Exception {
    announce();
    flush();
  }

  @Override
  public void close() throws Exception {
    try {
      if (batch != null) {
        batch.close();
      }
    } finally {
      if (runner != null) {
        runner.close();
      }
      super.close();
    }
  }
}
