package io.boostnet.flink.stage;

import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.exit.TopClasses;
import io.boostnet.flink.inference.FailuresInARow;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.metrics.StageMetrics;
import io.boostnet.flink.model.Audit;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.ClassProbability;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Outcome;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.track.Tracks;
import java.util.List;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The ways on from a stage: to the next one, to be run there, or past all that follow, decided or
 * as a dead letter. After too many {@link FailuresInARow} the job fails. For the task's thread.
 */
final class StageWay {

  /**
   * What stood behind a decision.
   *
   * @param forced whether the frame left for a quota or a deadline
   * @param version of the thresholds in force
   * @param nowMs when, in milliseconds since the Unix epoch
   */
  record Why(boolean forced, long version, long nowMs) {}

  private final Stage stage;
  private final int classes;
  private final int topK;
  private final int subtask;
  private final StageMetrics metrics;
  private final TrackedFrames tracked;
  private final Output<StreamRecord<ChainElement>> output;
  private final FailuresInARow failures = new FailuresInARow();

  /**
   * The ways on from a stage.
   *
   * @param tracked null where frames are judged alone
   */
  StageWay(
      Stage stage,
      int topK,
      int subtask,
      StageMetrics metrics,
      TrackedFrames tracked,
      Output<StreamRecord<ChainElement>> output) {
    this.stage = stage;
    this.classes = stage.logits().rowElements();
    this.topK = topK;
    this.subtask = subtask;
    this.metrics = metrics;
    this.tracked = tracked;
    this.output = output;
  }

  /** A row whose logits are fine. */
  void succeeded() {
    failures.succeeded();
  }

  /** To the next stage; the features are lent for the length of the call. */
  void goOn(WaitingRow sample, MicroBatch results, int row, Audit audit) {
    output.collect(
        sample.record(
            new InFlightSample(sample.frame(), sample.ticket(), results.carried(row), audit)));
  }

  /** Out, decided. */
  void leave(WaitingRow sample, MicroBatch results, int row, Confidence confidence, Why why) {
    List<ClassProbability> likeliest =
        topK == 1 ? List.of() : TopClasses.of(results.logits(), row, classes, topK);
    Frame frame = sample.frame();
    Decision decision =
        new Decision(
            frame.sourceId(),
            frame.sequence(),
            frame.timestampMs(),
            frame.label(),
            confidence.label(),
            likeliest,
            confidence.value(),
            stage.index(),
            why.forced(),
            why.version(),
            subtask,
            why.nowMs(),
            frame.baggage());
    if (tracked == null) {
      emit(sample, Outcome.of(sample.ticket(), decision));
    } else {
      settle(sample, decision, results, row);
    }
  }

  /** As its track has it, and with the frames that inherit it. */
  private void settle(WaitingRow sample, Decision own, MicroBatch results, int row) {
    Tracks.Settled<WaitingRow> settled =
        tracked.tracks().decided(sample.ticket().number(), own, results.logits(), row, classes);
    emit(sample, Outcome.of(sample.ticket(), settled.decision()));
    for (WaitingRow follower : settled.followers()) {
      emit(follower, TrackedFrames.inherited(follower, settled.decision()));
    }
  }

  /**
   * Out, as a dead letter; a frame that runs on for an audit has its outcome already.
   *
   * @throws InferenceException where it is not the input that is bad
   */
  void reject(WaitingRow sample, String detail) throws InferenceException {
    metrics.failed();
    failures.failed(stage.label(), detail);
    if (sample.audit() != null) {
      return;
    }
    emitRejection(sample, detail);
    if (tracked != null) {
      for (WaitingRow follower : tracked.tracks().failed(sample.ticket().number())) {
        emitRejection(follower, detail + ", in the frame that it was to inherit from");
      }
    }
  }

  private void emitRejection(WaitingRow sample, String detail) {
    Rejection rejection =
        new Rejection(sample.frame(), Rejection.Reason.INFERENCE_FAILED, stage.label(), detail);
    emit(sample, Outcome.of(sample.ticket(), rejection));
  }

  private void emit(WaitingRow sample, Outcome outcome) {
    output.collect(sample.record(outcome));
  }
}
