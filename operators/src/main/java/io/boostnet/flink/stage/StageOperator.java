package io.boostnet.flink.stage;

import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.inference.GoldenCheck;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.ServiceCurve;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.StageRunnerFactory;
import io.boostnet.flink.metrics.MetricNames;
import io.boostnet.flink.metrics.StageMetrics;
import io.boostnet.flink.model.Audit;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.options.MicroBatching;
import java.util.SplittableRandom;
import org.apache.flink.api.common.cache.DistributedCache;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.runtime.operators.coordination.OperatorEventGateway;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.runtime.state.StateInitializationContext;
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
 * go on to the next stage. What has left before goes past it at once.
 *
 * <p>A micro-batch runs when it is full, when the thread would be idle ({@link IdleRuns}), and when
 * its first row has waited for the linger while the thread was busy.
 *
 * <p>Nothing is in flight where Flink must not find it: a watermark waits for the rows before it, a
 * checkpoint barrier and the end of the input drain the micro-batch first, so that there is no
 * state. Runs on the task's thread alone; native memory is taken in {@link #open} and given back in
 * {@link #close}, which Flink calls after a failure too.
 *
 * <p>A row for which the network fails is run again by itself and becomes a dead letter if it fails
 * again ({@link StageWay}).
 *
 * <p>With its coordinator speaks {@link StageTalk}, on the task's thread, between two frames.
 */
final class StageOperator extends AbstractStreamOperator<ChainElement>
    implements OneInputStreamOperator<ChainElement, ChainElement>,
        BoundedOneInput,
        OperatorEventHandler,
        IdleRuns.Waiting {

  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(StageOperator.class);

  private final StageRunnerFactory factory;
  private final MicroBatching batching;
  private final StageControl control;
  private final OperatorEventGateway coordinator;
  private final MailboxExecutor mailbox;
  private final Stage stage;
  private final boolean last;

  private transient StageRunner runner;
  private transient GoldenCheck golden;
  private transient MicroBatch batch;
  private transient WaitingRow[] waiting;
  private transient CountedTime countedTime;
  private transient Watermark heldWatermark;
  private transient ChainedStages chained;
  private transient TrackedFrames tracked;
  private transient StageExit exit;
  private transient StageWay way;
  private transient StageReporter reporter;
  private transient StageTalk talk;
  private transient SplittableRandom random;
  private transient boolean restored;
  private transient int subtask;
  private transient StageMetrics metrics;

  StageOperator(
      StreamOperatorParameters<ChainElement> parameters,
      StageRunnerFactory factory,
      MicroBatching batching,
      StageControl control) {
    super(parameters);
    this.factory = factory;
    this.batching = batching;
    this.control = control;
    this.mailbox = parameters.getMailboxExecutor();
    this.stage = factory.stage();
    this.last = stage.index() == control.exits();
    this.exit = new StageExit(stage.index(), control);
    var events = parameters.getOperatorEventDispatcher();
    events.registerEventHandler(getOperatorID(), this);
    this.coordinator = events.getOperatorEventGateway(getOperatorID());
  }

  @Override
  public void open() throws Exception {
    super.open();
    subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    DistributedCache files = getRuntimeContext().getDistributedCache();
    StageRunnerFactory here = factory.with(name -> files.getFile(name).toPath());
    runner = openStage(here);
    batch = runner.allocate(warmUp());
    golden = here.goldenCheck();
    golden.require(runner, batch);
    waiting = new WaitingRow[batch.capacity()];
    metrics = new StageMetrics(getMetricGroup(), stage.index());
    metrics.gauge(MetricNames.BATCH_CAPACITY, batch::capacity);
    metrics.gauge(MetricNames.THRESHOLD, () -> exit.threshold());
    metrics.gauge(MetricNames.QUOTA, () -> exit.share());
    metrics.gauge(MetricNames.THRESHOLDS_VERSION, () -> exit.version());
    metrics.gauge(MetricNames.SESSIONS, runner::openSessions);
    metrics.gauge(MetricNames.CPU_FALLBACK, () -> runner.fellBackToCpu() ? 1 : 0);
    Environment task = getContainingTask().getEnvironment();
    tracked = TrackedFrames.join(task, control, this);
    way = new StageWay(stage, control.topK(), subtask, metrics, tracked, output);
    reporter = new StageReporter(stage.index(), control, task.getMetricGroup().getIOMetricGroup());
    if (tracked != null && stage.index() == 1) {
      tracked.countAt(reporter);
    }
    random = new SplittableRandom(subtask);
    chained = ChainedStages.join(task, control.plan().pipeline(), stage.index(), this);
    talk =
        new StageTalk(
            stage.index(), subtask, control, exit, reporter, chained, coordinator, output);
    talk.begin(getProcessingTimeService());
  }

  /**
   * A stage that cannot be opened when a job starts for the first time, since this machine cannot
   * read the bundle or lacks the device, ends the job: to start it over and over would hide why.
   * Later that may be a fault of the moment, and the job's restart strategy decides.
   */
  private StageRunner openStage(StageRunnerFactory here) throws Exception {
    try {
      return here.open();
    } catch (Exception e) {
      boolean firstStart = !restored && getRuntimeContext().getTaskInfo().getAttemptNumber() == 0;
      throw firstStart ? new SuppressRestartsException(e) : e;
    }
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    restored = context.isRestored();
  }

  /** Runs the network before the first record needs it, and finds the micro-batch size. */
  private int warmUp() throws InferenceException {
    boolean auto = batching.isAuto();
    int largest = auto ? MicroBatching.MAX_SIZE : batching.size();
    ServiceCurve curve = runner.serviceCurve(batching.linger(), largest);
    int size = auto ? curve.bestWithin(control.callWithin(batching.linger())) : batching.size();
    String how = auto ? "the best" : "as set";
    LOG.info("{}: micro-batch size {}, {}; service curve {}", stage.label(), size, how, curve);
    countedTime = new CountedTime(curve, size);
    return size;
  }

  @Override
  public void handleOperatorEvent(OperatorEvent event) {
    talk.take(event);
  }

  /** What the stages of a task that this is the first of say and hear. */
  StageTalk talk() {
    return talk;
  }

  @Override
  public void processElement(StreamRecord<ChainElement> element) throws Exception {
    chained.took(stage.index());
    if (!(element.getValue() instanceof InFlightSample sample)) {
      output.collect(element);
      return;
    }
    WaitingRow row = WaitingRow.of(sample, element, System.nanoTime());
    metrics.arrived();
    reporter.arrived(row.frame().origin(), row.streamTimeMs());
    waiting[batch.size()] = row;
    batch.append(sample.features());
    if (batch.isFull()) {
      run(Cause.FULL);
    } else {
      chained.rowsWait();
    }
  }

  /** What the stages of a task that this is the first of run their turns with. */
  MailboxExecutor mailbox() {
    return mailbox;
  }

  @Override
  public boolean hasRows() {
    return batch.size() > 0;
  }

  @Override
  public boolean isOverdue(long nowNanos) {
    return nowNanos - waiting[0].sinceNanos() >= batching.linger().toNanos();
  }

  /** Runs what has been gathered, hands every row on, and lets a waiting watermark go. */
  @Override
  public void run(Cause cause) throws Exception {
    if (batch.size() > 0) {
      if (runs(cause)) {
        for (int row = 0; row < batch.size(); row++) {
          conclude(batch, row, waiting[row]);
        }
      } else {
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

  private boolean runs(Cause cause) {
    long start = System.nanoTime();
    try {
      runner.run(batch);
    } catch (InferenceException e) {
      LOG.warn("{}; every row of it is tried by itself", e.getMessage());
      return false;
    }
    called(start, System.nanoTime(), cause);
    return true;
  }

  private void called(long startNanos, long endNanos, Cause cause) {
    long nanos = endNanos - startNanos;
    metrics.called(batch.size(), startNanos - waiting[0].sinceNanos(), nanos);
    long counted = countedTime.of(batch.size(), nanos, cause);
    reporter.called(counted);
    chained.ranEarly(nanos - counted);
    for (int row = 0; row < batch.size(); row++) {
      reporter.decidedAfter(endNanos - waiting[row].sinceNanos());
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
          way.reject(waiting[row], e.getMessage());
          continue;
        }
        conclude(single, 0, waiting[row]);
      }
    }
  }

  private void conclude(MicroBatch results, int row, WaitingRow sample) throws Exception {
    Confidence confidence = Confidence.of(results.logits(), row, stage.logits().rowElements());
    if (!confidence.isFinite()) {
      way.reject(sample, "the logits of " + stage.label() + " are not finite");
      return;
    }
    way.succeeded();
    if (sample.audit() != null) {
      compare(results, row, sample, confidence);
      return;
    }
    int priority = exit.priorityOf(sample.frame());
    float counted = exit.counted(priority, confidence.value());
    reporter.reached(counted);
    long nowMs = getProcessingTimeService().getCurrentProcessingTime();
    if (!exit.leaves(sample.frame(), counted, nowMs)) {
      metrics.survived();
      way.goOn(sample, results, row, null);
      return;
    }
    boolean forced = exit.forced(counted);
    metrics.left(forced);
    way.leave(sample, results, row, confidence, new StageWay.Why(forced, exit.version(), nowMs));
    if (!last && runsOn(forced)) {
      metrics.audited();
      way.goOn(sample, results, row, new Audit(stage.index(), confidence.label()));
    } else {
      reporter.ended(forced, priority);
    }
  }

  /** Whether a frame that has left goes on to the end, for nothing but comparison. */
  private boolean runsOn(boolean forced) {
    double share = exit.shareThatRunsOn(forced, control.auditShare());
    return share > 0 && random.nextDouble() < share && exit.allowsAudit();
  }

  /** A frame that has left already runs to the end, as long as the quotas allow it. */
  private void compare(MicroBatch results, int row, WaitingRow sample, Confidence confidence)
      throws Exception {
    if (!last && exit.allowsAuditToGoOn()) {
      way.goOn(sample, results, row, sample.audit());
      return;
    }
    if (last) {
      reporter.compared(sample.audit(), confidence.label());
    }
    reporter.ended(false, exit.priorityOf(sample.frame()));
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
    run(Cause.DRAIN);
    super.processWatermarkStatus(status);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    run(Cause.DRAIN);
  }

  @Override
  public void endInput() throws Exception {
    run(Cause.DRAIN);
    talk.endInput();
  }

  @Override
  public void close() throws Exception {
    try (StageRunner lent = runner;
        GoldenCheck earlier = golden;
        MicroBatch rows = batch) {
      if (chained != null) {
        chained.leave(stage.index());
        chained = null;
      }
      if (tracked != null) {
        tracked.leave(this);
        tracked = null;
      }
      super.close();
    }
  }
}
