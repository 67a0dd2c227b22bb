package io.boostnet.jobs.evaluate;

import io.boostnet.flink.event.EventRules;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.StageCost;
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
 * @param events events of {@value #ZONES} zones that each show one track after the other
 */
record TrackEvaluation(
    String name,
    double cost,
    double ran,
    double accuracy,
    double gain,
    double gainError,
    EventScore events) {

  private static final int ZONES = 8;
  private static final int[] SKIPS = {0, 1, 2, 4};
  private static final double NORMAL_95 = 1.96;

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
    Map<String, String> zones = zones(records);
    List<TrackEvaluation> rows = new ArrayList<>();
    TrackJudge alone = TrackJudge.alone(costs, thresholds).judgeAll(records);
    Map<String, Integer> before = rightOfTracks(alone);
    rows.add(row("frames alone", alone, before, zones));
    Map<String, Function<ExitRecord, String>> keys = new LinkedHashMap<>();
    keys.put("tracks", ExitRecord::sourceId);
    keys.put("zones", record -> zones.get(record.sourceId()));
    keys.forEach(
        (name, key) -> {
          for (int skip : SKIPS) {
            TrackJudge judge = TrackJudge.ofTracks(costs, thresholds, skip, key).judgeAll(records);
            rows.add(row(name + (skip == 0 ? "" : ", skip " + skip), judge, before, zones));
          }
        });
    return rows;
  }

  /** The zone of each track, dealt in the order in which they come. */
  private static Map<String, String> zones(List<ExitRecord> records) {
    Map<String, String> zones = new LinkedHashMap<>();
    records.forEach(
        record -> zones.computeIfAbsent(record.sourceId(), it -> "zone-" + zones.size() % ZONES));
    return zones;
  }

  private static Map<String, Integer> rightOfTracks(TrackJudge judge) {
    Map<String, Integer> right = new HashMap<>();
    judge
        .judged()
        .forEach(it -> right.merge(it.record().sourceId(), it.isRight() ? 1 : 0, Integer::sum));
    return right;
  }

  private static TrackEvaluation row(
      String name, TrackJudge judge, Map<String, Integer> before, Map<String, String> zones) {
    double frames = judge.judged().size();
    double gained = 0;
    double squares = 0;
    for (Map.Entry<String, Integer> track : rightOfTracks(judge).entrySet()) {
      double more = track.getValue() - before.get(track.getKey());
      gained += more;
      squares += more * more;
    }
    return new TrackEvaluation(
        name,
        judge.cost() / frames,
        judge.ran() / frames,
        judge.accuracy(),
        gained / frames,
        NORMAL_95 * Math.sqrt(squares) / frames,
        score(judge.judged(), zones));
  }

  /** Events of zones that each show one track after the other. */
  private static EventScore score(List<TrackJudge.Judged> judged, Map<String, String> zones) {
    Map<String, List<TrackJudge.Judged>> shown = new LinkedHashMap<>();
    judged.forEach(
        it ->
            shown
                .computeIfAbsent(zones.get(it.record().sourceId()), zone -> new ArrayList<>())
                .add(it));
    EventScore score = new EventScore();
    for (List<TrackJudge.Judged> frames : shown.values()) {
      List<EventScore.Judged> pictures = new ArrayList<>();
      frames.forEach(
          it -> pictures.add(new EventScore.Judged(pictures.size(), it.label(), it.confidence())));
      score.add(
          TrueChange.of(frames.stream().map(it -> it.record().trueLabel()).toList()),
          EventScore.told(pictures, EventRules.DEFAULT));
    }
    return score;
  }
}
