package io.boostnet.jobs.evaluate;

import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.model.StageCost;
import io.boostnet.flink.options.Tracking;
import io.boostnet.flink.track.Track;
import io.boostnet.flink.track.Tracks;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Judges frames in one way: alone, or as tracks with the classes that the stream has for them. Each
 * frame is decided before the next of its track comes. Not thread-safe.
 */
public final class TrackJudge {

  private final StageCost costs;
  private final Thresholds thresholds;
  private final Tracks<ExitRecord> tracks;
  private final Function<ExitRecord, String> key;
  private final List<Judged> judged = new ArrayList<>();
  private double cost;
  private long ran;

  /** One frame, as it was judged. */
  public record Judged(ExitRecord record, int label, float confidence) {

    /** Whether its class is the true one. */
    public boolean isRight() {
      return label == record.trueLabel();
    }
  }

  private TrackJudge(
      StageCost costs,
      Thresholds thresholds,
      Tracks<ExitRecord> tracks,
      Function<ExitRecord, String> key) {
    this.costs = costs;
    this.thresholds = thresholds;
    this.tracks = tracks;
    this.key = key;
  }

  /**
   * Frames alone.
   *
   * @param costs what a frame costs at each exit
   * @param thresholds where a frame that is run leaves
   */
  public static TrackJudge alone(StageCost costs, Thresholds thresholds) {
    return new TrackJudge(costs, thresholds, null, null);
  }

  /**
   * Frames of tracks.
   *
   * @param skip frames that inherit once a track is sure, 0 for the filter alone
   * @param key names a frame's track; records need their logits
   */
  public static TrackJudge ofTracks(
      StageCost costs, Thresholds thresholds, int skip, Function<ExitRecord, String> key) {
    Tracking tracking = Tracking.parse("source").skipping(skip);
    return new TrackJudge(costs, thresholds, new Tracks<>(tracking, 1), key);
  }

  /** Judges frames, those of a track in their order. */
  public TrackJudge judgeAll(List<ExitRecord> records) {
    records.forEach(record -> judged.add(judge(record)));
    return this;
  }

  private Judged judge(ExitRecord record) {
    Track track = tracks == null ? null : tracks.seen(key.apply(record), 0);
    if (track != null && tracks.skips(track)) {
      var held = tracks.inherit(track, record);
      return new Judged(record, held.label(), held.confidence());
    }
    int exit = record.exitAt(thresholds);
    cost += costs.atExit(exit);
    long ticket = ran++;
    if (track == null) {
      return new Judged(record, record.label()[exit - 1], record.confidence()[exit - 1]);
    }
    float[] logits = record.logits()[exit - 1];
    tracks.run(track, ticket, null, 0);
    Decision decision =
        tracks
            .decided(ticket, own(record, exit), FloatBuffer.wrap(logits), 0, logits.length)
            .decision();
    return new Judged(record, decision.label(), decision.confidence());
  }

  private static Decision own(ExitRecord record, int exit) {
    return new Decision(
        record.sourceId(),
        record.sequence(),
        0,
        record.trueLabel(),
        record.label()[exit - 1],
        List.of(),
        record.confidence()[exit - 1],
        exit,
        false,
        0,
        0,
        0,
        Baggage.NONE);
  }

  /** The frames judged, in their order. */
  public List<Judged> judged() {
    return judged;
  }

  /** Cost of all frames together, in costs of the full network. */
  public double cost() {
    return cost;
  }

  /** Frames that were run. */
  public long ran() {
    return ran;
  }

  /** Share of the frames whose class is right. */
  public double accuracy() {
    return judged.stream().filter(Judged::isRight).count() / (double) judged.size();
  }
}
