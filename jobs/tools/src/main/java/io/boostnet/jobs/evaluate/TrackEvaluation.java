package io.boostnet.jobs.evaluate;

import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.options.Tracking;
import io.boostnet.flink.track.Track;
import io.boostnet.flink.track.TrackState;
import io.boostnet.flink.track.Tracks;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What tracks give on labelled frames, with the classes that the stream has for them: each frame is
 * decided before the next of its track comes.
 *
 * @param name how frames were judged
 * @param cost mean cost of a frame, those that inherited among them, as a share of the full
 *     network's
 * @param ran share of the frames that were run
 * @param accuracy share of the frames whose class is right
 * @param gain accuracy above that of frames alone, 0..1
 * @param gainError half of the 95 % interval of the gain, by tracks and not by frames, which
 *     resemble each other within a track
 */
record TrackEvaluation(
    String name, double cost, double ran, double accuracy, double gain, double gainError) {

  private static final int[] SKIPS = {0, 1, 2, 4};
  private static final double NORMAL_95 = 1.96;

  /**
   * Frames alone, the filter, and the filter with frames skipped.
   *
   * @param records labelled frames with their logits, those of a track in their order
   * @param thresholds where a frame that is run leaves
   */
  static List<TrackEvaluation> table(
      Cascade cascade, List<ExitRecord> records, Thresholds thresholds) {
    Judged alone = judge(cascade, records, thresholds, null);
    List<TrackEvaluation> rows = new java.util.ArrayList<>();
    rows.add(alone.against(alone, "frames alone"));
    for (int skip : SKIPS) {
      Tracking tracking = Tracking.parse("source").skipping(skip);
      String name = skip == 0 ? "filter" : "filter, skip " + skip;
      rows.add(judge(cascade, records, thresholds, tracking).against(alone, name));
    }
    return rows;
  }

  /** What became of all frames. */
  private record Judged(double cost, long ran, long frames, Map<String, Integer> right) {

    TrackEvaluation against(Judged alone, String name) {
      double gained = 0;
      double squares = 0;
      for (Map.Entry<String, Integer> track : right.entrySet()) {
        double more = track.getValue() - alone.right.get(track.getKey());
        gained += more;
        squares += more * more;
      }
      return new TrackEvaluation(
          name,
          cost / frames,
          (double) ran / frames,
          (double) right.values().stream().mapToInt(Integer::intValue).sum() / frames,
          gained / frames,
          NORMAL_95 * Math.sqrt(squares) / frames);
    }
  }

  private static Judged judge(
      Cascade cascade, List<ExitRecord> records, Thresholds thresholds, Tracking tracking) {
    Tracks<ExitRecord> tracks = tracking == null ? null : new Tracks<>(tracking, 1);
    Map<String, Integer> right = new HashMap<>();
    double cost = 0;
    long ran = 0;
    for (ExitRecord record : records) {
      Track track = tracks == null ? null : tracks.seen(record.sourceId(), 0);
      int label;
      if (track != null && tracks.skips(track)) {
        TrackState.Held held = tracks.inherit(track, record);
        label = held.label();
      } else {
        int exit = record.exitAt(thresholds);
        cost += cascade.costInMacs().atExit(exit);
        label = track == null ? record.label()[exit - 1] : decide(tracks, track, record, exit, ran);
        ran++;
      }
      right.merge(record.sourceId(), label == record.trueLabel() ? 1 : 0, Integer::sum);
    }
    return new Judged(cost, ran, records.size(), right);
  }

  private static int decide(
      Tracks<ExitRecord> tracks, Track track, ExitRecord record, int exit, long ticket) {
    float[] logits = record.logits()[exit - 1];
    Decision own =
        new Decision(
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
    tracks.run(track, ticket, null, 0);
    return tracks
        .decided(ticket, own, FloatBuffer.wrap(logits), 0, logits.length)
        .decision()
        .label();
  }
}
