package io.boostnet.jobs.demo;

import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.event.EventRules;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.jobs.evaluate.EventScore;
import io.boostnet.jobs.evaluate.ExitRecord;
import io.boostnet.jobs.evaluate.TrackJudge;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/**
 * Ways to judge the frames of a video, each of which spends the same mean cost a picture.
 *
 * <p>Thresholds run from those of the frontier's cheapest point to those of its dearest, and on to
 * those at which no frame leaves early. Where even the cheapest cost more, the dearest point is
 * kept and fewer pictures are taken, evenly spaced, as a camera's {@code rate} does.
 */
final class EqualCost {

  private static final int STEPS = 20;
  private static final double NEVER = 1.01;

  private final LabelledVideo video;
  private final List<ExitRecord> records;
  private final Frontier frontier;
  private final EventRules rules;

  /** What is judged together. */
  enum Ids {
    NONE,
    /** A detector's: every object has its own. */
    OBJECTS,
    /** The zone's, in which objects follow each other unannounced. */
    ZONES
  }

  /**
   * A way to judge.
   *
   * @param skip frames that inherit once a track is sure
   */
  record Way(Ids ids, int skip) {
    @Override
    public String toString() {
      String what = skip == 0 ? "filter" : "filter, skip " + skip;
      return ids == Ids.NONE
          ? "frames alone"
          : what + ", by " + ids.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What came out.
   *
   * @param cost mean cost of a picture, as a share of the full network's
   * @param taken share of the pictures that were taken
   * @param ran share of the pictures whose frame was run
   * @param accuracy share of the pictures whose class is right; one that was not taken is thought
   *     to show what the one before did
   */
  record Row(
      String way,
      double cost,
      double taken,
      double ran,
      double accuracy,
      int events,
      int right,
      int changes,
      double precision,
      double recall,
      long delayP50,
      long delayP95) {}

  /** One setting of a way, judged. */
  private record Trial(List<ExitRecord> taken, TrackJudge judge) {}

  /**
   * Ways to judge a video.
   *
   * @param records what every exit says of its frames, in their order, all of them
   */
  EqualCost(LabelledVideo video, List<ExitRecord> records, Frontier frontier, EventRules rules) {
    this.video = video;
    this.records = records;
    this.frontier = frontier;
    this.rules = rules;
  }

  /** Judges in a way that spends so much, or as much as it can. */
  Row at(double cost, Way way) {
    return costOf(judge(way, 0, 1)) > cost
        ? row(way, dearest(cost, 1, rate -> judge(way, 1, rate)))
        : row(way, dearest(cost, 2, depth -> judge(way, depth, 1)));
  }

  /** The trial of the largest value up to a highest that spends no more; costs rise with it. */
  private Trial dearest(double cost, double highest, DoubleFunction<Trial> trials) {
    double low = 0;
    double high = highest;
    for (int step = 0; step < STEPS; step++) {
      double middle = (low + high) / 2;
      if (costOf(trials.apply(middle)) > cost) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return trials.apply(low);
  }

  private double costOf(Trial trial) {
    return trial.judge().cost() / records.size();
  }

  private Trial judge(Way way, double depth, double rate) {
    List<ExitRecord> taken = records.stream().filter(frame -> takes(rate, frame)).toList();
    Thresholds thresholds = thresholds(depth);
    Function<ExitRecord, String> key =
        way.ids() == Ids.OBJECTS
            ? frame -> video.object(frame.sourceId(), frame.sequence())
            : ExitRecord::sourceId;
    TrackJudge judge =
        way.ids() == Ids.NONE
            ? TrackJudge.alone(frontier.cost(), thresholds)
            : TrackJudge.ofTracks(frontier.cost(), thresholds, way.skip(), key);
    return new Trial(taken, judge.judgeAll(taken));
  }

  private static boolean takes(double rate, ExitRecord frame) {
    long picture = frame.sequence();
    return picture == 0 || Math.floor(picture * rate) > Math.floor((picture - 1) * rate);
  }

  /**
   * Where frames leave.
   *
   * @param depth 0 at the frontier's cheapest point, 1 at its dearest, 2 at the last exit
   */
  private Thresholds thresholds(double depth) {
    double least = frontier.leastCost();
    double share = Math.min(1, depth);
    double[] values =
        frontier.at(least + share * (frontier.mostCost() - least)).thresholds().toArray();
    for (int exit = 0; exit < values.length - 1; exit++) {
      values[exit] += Math.max(0, depth - 1) * Math.max(0, NEVER - values[exit]);
    }
    return Thresholds.of(0, values);
  }

  private Row row(Way way, Trial trial) {
    Map<String, List<TrackJudge.Judged>> sources = new LinkedHashMap<>();
    video.truth().keySet().forEach(source -> sources.put(source, new ArrayList<>()));
    trial.judge().judged().forEach(it -> sources.get(it.record().sourceId()).add(it));
    EventScore score = new EventScore();
    sources.forEach(
        (source, frames) ->
            score.add(
                video.truth().get(source),
                EventScore.told(
                    frames.stream()
                        .map(
                            it ->
                                new EventScore.Judged(
                                    it.record().sequence(), it.label(), it.confidence()))
                        .toList(),
                    rules)));
    double pictures = records.size();
    return new Row(
        way.toString(),
        costOf(trial),
        trial.taken().size() / pictures,
        trial.judge().ran() / pictures,
        right(trial) / pictures,
        score.events(),
        score.right(),
        score.changes(),
        score.precision(),
        score.recall(),
        score.delay(0.5),
        score.delay(0.95));
  }

  /** Pictures whose class is right, those that were not taken among them. */
  private long right(Trial trial) {
    long right = 0;
    int next = 0;
    int label = 0;
    List<TrackJudge.Judged> judged = trial.judge().judged();
    for (ExitRecord frame : records) {
      if (next < judged.size() && judged.get(next).record() == frame) {
        label = judged.get(next++).label();
      }
      right += label == frame.trueLabel() ? 1 : 0;
    }
    return right;
  }
}
