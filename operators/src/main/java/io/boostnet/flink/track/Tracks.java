package io.boostnet.flink.track;

import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.exit.TopClasses;
import io.boostnet.flink.model.ClassProbability;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.options.Tracking;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;

/**
 * The tracks of one subtask: which of their frames inherit a decision, and what is decided of those
 * that are run.
 *
 * <p>A frame that inherits while the decision is still made waits for it beside the frame that is
 * run: it holds no pixels, and no decision comes later for it than for that frame. Where a barrier
 * drains the stages none waits.
 *
 * <p>Times come from the caller. For one thread.
 *
 * @param <F> a frame that inherits
 */
@Internal
public final class Tracks<F> {

  /** Above this a track is sure: its next frames may be skipped. */
  private static final float SURE = 0.999f;

  private static final int MOST_TRACKS = 100_000;

  private final Tracking rules;
  private final int topK;

  /** Least recently seen first. */
  private final Map<String, Track> tracks = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<Long, InFlight<F>> inFlight = new HashMap<>();

  /** A frame that is run, and those that will inherit its decision. */
  private record InFlight<F>(Track track, List<F> followers) {}

  /**
   * What became of a frame that was run.
   *
   * @param decision of the frame itself
   * @param followers frames that inherit it
   */
  public record Settled<F>(Decision decision, List<F> followers) {}

  /**
   * No tracks yet.
   *
   * @param topK classes that a decision names
   */
  public Tracks(Tracking rules, int topK) {
    this.rules = rules;
    this.topK = topK;
  }

  /** Whether pixels are compared. */
  public boolean comparesPixels() {
    return rules.unchanged() > 0;
  }

  /** The track of a frame that came, and forgets those that are too old. */
  public Track seen(String key, long nowMs) {
    Track track = tracks.computeIfAbsent(key, Track::new);
    track.seenMs = nowMs;
    track.seenHere = true;
    Iterator<Track> oldest = tracks.values().iterator();
    while (oldest.hasNext()) {
      Track next = oldest.next();
      if (tracks.size() <= MOST_TRACKS && nowMs - next.seenMs <= rules.expiry().toMillis()) {
        break;
      }
      oldest.remove();
    }
    return track;
  }

  /** Whether the next frame of a track inherits, whatever it shows. */
  public boolean skips(Track track) {
    return track.sure && track.inherited < rules.skip() && hasDecision(track);
  }

  /**
   * Whether a frame inherits because its pixels are those of the frame that was run last.
   *
   * @param blocks {@link BlockMeans} of the frame
   */
  public boolean isUnchanged(Track track, float[] blocks, long timestampMs) {
    return track.blocks.length == blocks.length
        && hasDecision(track)
        && Math.abs(timestampMs - track.ranMs) < rules.silence().toMillis()
        && BlockMeans.difference(track.blocks, blocks) <= rules.unchanged();
  }

  private boolean hasDecision(Track track) {
    return track.held != null || inFlight.containsKey(track.ranTicket);
  }

  /**
   * A frame inherits.
   *
   * @return the decision; null where it is still made, and {@link #decided} or {@link #failed} will
   *     return the frame
   */
  public TrackState.Held inherit(Track track, F frame) {
    track.inherited++;
    InFlight<F> pending = inFlight.get(track.ranTicket);
    if (pending == null) {
      return track.held;
    }
    pending.followers.add(frame);
    return null;
  }

  /**
   * A frame is given to the stages.
   *
   * @param ticket number of its ticket
   * @param blocks {@link BlockMeans} of the frame; null where pixels are not compared
   */
  public void run(Track track, long ticket, float[] blocks, long timestampMs) {
    track.inherited = 0;
    track.ranTicket = ticket;
    if (blocks != null) {
      track.blocks = blocks;
      track.ranMs = timestampMs;
    }
    inFlight.put(ticket, new InFlight<>(track, new ArrayList<>()));
  }

  /**
   * A frame was decided.
   *
   * @param ticket number of its ticket
   * @param own what was decided of it alone
   * @param logits ensemble logits of a batch, row after row, all finite
   * @param row the frame's row, from 0
   * @param classes classes, the length of a row
   */
  public Settled<F> decided(long ticket, Decision own, FloatBuffer logits, int row, int classes) {
    InFlight<F> frame = inFlight.remove(ticket);
    if (frame == null) {
      return new Settled<>(own, List.of()); // it has no track
    }
    Track track = frame.track;
    Decision decision = rules.filters() ? filtered(track, own, logits, row, classes) : own;
    if (ticket >= track.heldTicket) {
      track.heldTicket = ticket;
      track.held = TrackState.Held.of(decision);
    }
    return new Settled<>(decision, frame.followers);
  }

  private Decision filtered(Track track, Decision own, FloatBuffer logits, int row, int classes) {
    float[] before = track.evidence.length == classes ? track.evidence : null;
    TrackFilter.Step step = TrackFilter.step(before, logits, row, classes);
    track.evidence = step.evidence();
    Confidence now = step.confidence();
    track.sure = now.value() >= SURE;
    List<ClassProbability> top =
        topK == 1
            ? List.of()
            : TopClasses.of(FloatBuffer.wrap(step.logProbabilities()), 0, classes, topK);
    return own.of(now.label(), top, now.value());
  }

  /**
   * A frame was not decided.
   *
   * @return frames that were to inherit its decision
   */
  public List<F> failed(long ticket) {
    InFlight<F> frame = inFlight.remove(ticket);
    if (frame == null) {
      return List.of();
    }
    if (ticket == frame.track.ranTicket) {
      frame.track.forgetPixels();
      frame.track.sure = false;
    }
    return frame.followers;
  }

  /** Frames in flight. */
  int inFlight() {
    return inFlight.size();
  }

  /** Tracks remembered. */
  int size() {
    return tracks.size();
  }

  /**
   * Tracks for a checkpoint: those seen here, and of those that were restored and not seen since
   * this subtask's share, so that each is stored once or twice and not by all that restored it.
   */
  public List<TrackState> snapshot(int subtask, int parallelism) {
    return tracks.values().stream()
        .filter(
            track -> track.seenHere || Math.floorMod(track.key.hashCode(), parallelism) == subtask)
        .filter(track -> track.held != null)
        .map(Track::state)
        .toList();
  }

  /** Takes over the tracks of all subtasks of a checkpoint; they expire from now on. */
  public void restore(Collection<TrackState> states, long nowMs) {
    states.stream()
        .sorted(Comparator.comparingLong(TrackState::seenMs))
        .map(Track::of)
        .forEach(
            track -> {
              track.seenMs = nowMs;
              tracks.remove(track.key);
              tracks.put(track.key, track);
            });
  }
}
