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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What tracks give on labelled frames, with the classes that the stream has for them: each frame is
 * decided before the next of its track comes.
 *
 * @param name how frames were judged
 * @param cost mean cost of a frame, those that inherited among them, as a share of the full
 *     network's
 * @param ran share of the frames that were run
 * @param accuracy share of the frames whose class is right
 * @param gain accuracy above that of frames alone
 * @param gainError half of the 95 % interval of the gain, by tracks and not by frames, which
 *     resemble each other within a track
 * @param events events of zones that show one track after the other
 */
record TrackEvaluation(
    String name,
    double cost,
    double ran,
    double accuracy,
    double gain,
    double gainError,
    EventEvaluation events) {

  private static final int[] SKIPS = {0, 1, 2, 4};
  private static final double NORMAL_95 = 1.96;

  /** One frame, as it was judged. */
  record Judged(ExitRecord record, int label, float confidence) {

    boolean isRight() {
      return label == record.trueLabel();
    }
  }

  /**
   * Frames alone, the filter, and the filter with frames skipped; then the same where the zone is
   * the track, so that what it shows changes unannounced.
   *
   * @param costs what a frame costs at each exit
   * @param records labelled frames with their logits, those of a track in their order
   * @param thresholds where a frame that is run leaves
   */
  static List<TrackEvaluation> table(
      StageCost costs, List<ExitRecord> records, Thresholds thresholds) {
    Map<String, String> zones = EventEvaluation.zones(records);
    List<TrackEvaluation> rows = new ArrayList<>();
    Judge alone = new Judge(costs, thresholds, null, null);
    Map<String, Integer> before = alone.judgeAll(records).rightOfTracks();
    rows.add(alone.row("frames alone", before, zones));
    Map<String, Function<ExitRecord, String>> keys = new LinkedHashMap<>();
    keys.put("tracks", ExitRecord::sourceId);
    keys.put("zones", record -> zones.get(record.sourceId()));
    keys.forEach(
        (name, key) -> {
          for (int skip : SKIPS) {
            Tracking tracking = Tracking.parse("source").skipping(skip);
            rows.add(
                new Judge(costs, thresholds, tracking, key)
                    .judgeAll(records)
                    .row(name + (skip == 0 ? "" : ", skip " + skip), before, zones));
          }
        });
    return rows;
  }

  /** Judges frames in one way. */
  private static final class Judge {

    private final StageCost costs;
    private final Thresholds thresholds;
    private final Tracks<ExitRecord> tracks;
    private final Function<ExitRecord, String> key;
    private final List<Judged> judged = new ArrayList<>();
    private double cost;
    private long ran;

    /**
     * A judge.
     *
     * @param tracking null for frames alone
     * @param key names a frame's track
     */
    Judge(
        StageCost costs,
        Thresholds thresholds,
        Tracking tracking,
        Function<ExitRecord, String> key) {
      this.costs = costs;
      this.thresholds = thresholds;
      this.tracks = tracking == null ? null : new Tracks<>(tracking, 1);
      this.key = key;
    }

    Judge judgeAll(List<ExitRecord> records) {
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

    Map<String, Integer> rightOfTracks() {
      Map<String, Integer> right = new HashMap<>();
      judged.forEach(it -> right.merge(it.record().sourceId(), it.isRight() ? 1 : 0, Integer::sum));
      return right;
    }

    TrackEvaluation row(String name, Map<String, Integer> before, Map<String, String> zones) {
      double frames = judged.size();
      double gained = 0;
      double squares = 0;
      for (Map.Entry<String, Integer> track : rightOfTracks().entrySet()) {
        double more = track.getValue() - before.get(track.getKey());
        gained += more;
        squares += more * more;
      }
      return new TrackEvaluation(
          name,
          cost / frames,
          ran / frames,
          judged.stream().filter(Judged::isRight).count() / frames,
          gained / frames,
          NORMAL_95 * Math.sqrt(squares) / frames,
          EventEvaluation.of(judged, zones));
    }
  }
}
