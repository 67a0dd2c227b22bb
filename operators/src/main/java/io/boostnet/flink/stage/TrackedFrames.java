package io.boostnet.flink.stage;

import io.boostnet.flink.model.Decision;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.Outcome;
import io.boostnet.flink.options.Tracking;
import io.boostnet.flink.track.Track;
import io.boostnet.flink.track.TrackState;
import io.boostnet.flink.track.Tracks;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.memory.SharedResources;

/**
 * The tracks of a task: the decoder asks which frames inherit, the stages chained to it say what
 * was decided, one thread after the other, since it is one. They find each other through Flink's
 * registry of shared resources. The decoder keeps the tracks in its state.
 */
final class TrackedFrames implements AutoCloseable {

  private static final long NO_MEMORY = 0;

  private final SharedResources registry;
  private final String name;
  private final Tracking rules;
  private final Tracks<WaitingRow> tracks;
  private StageReporter intake;

  private TrackedFrames(SharedResources registry, String name, Tracking rules, int topK) {
    this.registry = registry;
    this.name = name;
    this.rules = rules;
    this.tracks = new Tracks<>(rules, topK);
  }

  /**
   * Joins the operators of a task; {@link #leave} must follow.
   *
   * @return null where nothing is to be remembered of tracks
   */
  static TrackedFrames join(Environment task, StageControl control, Object operator)
      throws Exception {
    if (!control.tracking().isOn()) {
      return null;
    }
    SharedResources registry = task.getSharedResources();
    String name = "tracks of " + control.plan().pipeline() + " in " + task.getExecutionId();
    return registry
        .getOrAllocateSharedResource(
            name,
            operator,
            size -> new TrackedFrames(registry, name, control.tracking(), control.topK()),
            NO_MEMORY)
        .resourceHandle();
  }

  /** Leaves them. */
  void leave(Object operator) throws Exception {
    registry.release(name, operator, size -> {});
  }

  /** Has frames that inherit counted as well where frames come in. */
  void countAt(StageReporter firstStage) {
    intake = firstStage;
  }

  Tracks<WaitingRow> tracks() {
    return tracks;
  }

  /** The track of a frame; null where it is judged alone. */
  Track of(Frame frame, long nowMs) {
    String key = rules.of(frame);
    return key == null ? null : tracks.seen(key, nowMs);
  }

  /**
   * A frame inherits.
   *
   * @return its outcome; null where that follows when the frame is decided that it inherits from
   */
  Outcome inherit(Track track, WaitingRow row, int subtask, long nowMs) {
    if (intake != null) {
      intake.inherited(row.frame().origin(), row.streamTimeMs());
    }
    TrackState.Held held = tracks.inherit(track, row);
    return held == null ? null : inherited(row, held, subtask, nowMs);
  }

  private static Outcome inherited(WaitingRow row, TrackState.Held held, int subtask, long nowMs) {
    Frame frame = row.frame();
    return Outcome.of(
        row.ticket(),
        new Decision(
            frame.sourceId(),
            frame.sequence(),
            frame.timestampMs(),
            frame.label(),
            held.label(),
            held.topK(),
            held.confidence(),
            held.exit(),
            false,
            held.thresholdsVersion(),
            subtask,
            nowMs,
            frame.baggage(),
            true));
  }

  /** The outcome of a frame that waited for a decision. */
  static Outcome inherited(WaitingRow row, Decision decision) {
    return inherited(row, TrackState.Held.of(decision), decision.subtask(), decision.decidedAtMs());
  }

  /** Nothing to free: called by the registry when the last operator has left. */
  @Override
  public void close() {}
}
