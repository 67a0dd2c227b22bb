package io.boostnet.flink.stage;

import io.boostnet.flink.coordination.QuotaGrant;
import io.boostnet.flink.coordination.TaskReport;
import io.boostnet.flink.coordination.ThresholdUpdate;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.ThresholdChange;
import java.util.stream.Stream;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.runtime.operators.coordination.OperatorEventGateway;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * What a stage says to its coordinator and hears from it. Every interval the first stage of a task
 * reports what it and the stages chained to it did; all of them take over the settings that come
 * back; and one subtask of stage 1 announces every change. On the task's thread.
 */
final class StageTalk {

  private final int stage;
  private final StageControl control;
  private final StageExit exit;
  private final StageReporter reporter;
  private final ChainedStages chained;
  private final OperatorEventGateway coordinator;
  private final Output<StreamRecord<ChainElement>> output;
  private final boolean announces;
  private ProcessingTimeService time;
  private boolean announced;
  private boolean ended;

  StageTalk(
      int stage,
      int subtask,
      StageControl control,
      StageExit exit,
      StageReporter reporter,
      ChainedStages chained,
      OperatorEventGateway coordinator,
      Output<StreamRecord<ChainElement>> output) {
    this.stage = stage;
    this.control = control;
    this.exit = exit;
    this.reporter = reporter;
    this.chained = chained;
    this.coordinator = coordinator;
    this.output = output;
    this.announces = stage == 1 && subtask == 0;
  }

  /** Reports from now on. */
  void begin(ProcessingTimeService newTime) {
    time = newTime;
    setReportTimer();
  }

  /** The coordinator decided. */
  void take(OperatorEvent event) {
    if (event instanceof QuotaGrant grant) {
      controlled().forEach(each -> each.exit.take(grant));
      return;
    }
    if (!(event instanceof ThresholdUpdate update)) {
      throw new IllegalArgumentException("stage-" + stage + " got the event " + event);
    }
    controlled().forEach(each -> each.exit.take(update));
    if (announces) {
      announce(update.change());
    }
  }

  /** The stages that are told what this one is told. */
  private Stream<StageTalk> controlled() {
    return chained.isFirst(stage) ? chained.all().map(StageOperator::talk) : Stream.of(this);
  }

  /** The coordinator goes on after the input has ended, but what follows takes nothing more. */
  private void announce(ThresholdChange change) {
    announced = true;
    if (!ended) {
      output.collect(StageTags.THRESHOLD_CHANGES, new StreamRecord<>(change));
    }
  }

  /** A stream that ends before the coordinator said anything ran at the settings of the start. */
  void endInput() {
    if (announces && !announced) {
      announce(control.start(time.getCurrentProcessingTime()).change());
    }
    ended = true;
  }

  /** Reports of all subtasks fall due at the same times of the wall clock. */
  private void setReportTimer() {
    long intervalMs = control.interval().toMillis();
    long now = time.getCurrentProcessingTime();
    time.registerTimer((now / intervalMs + 1) * intervalMs, this::report);
  }

  private void report(long dueMs) {
    if (chained.isFirst(stage)) {
      coordinator.sendEventToCoordinator(
          new TaskReport(
              chained.all().map(StageOperator::talk).flatMap(StageTalk::drainReport).toList()));
      setReportTimer();
    }
  }

  private Stream<TaskReport.Part> drainReport() {
    return reporter
        .drain(exit.quotaUse(), chained.drainEarlyNanos(), time.getCurrentProcessingTime())
        .stream();
  }
}
