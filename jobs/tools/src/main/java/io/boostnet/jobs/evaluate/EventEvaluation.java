package io.boostnet.jobs.evaluate;

import io.boostnet.flink.event.Change;
import io.boostnet.flink.event.EventRules;
import io.boostnet.flink.event.SourceClass;
import io.boostnet.flink.event.Vote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Events against the truth, where {@value #ZONES} zones each show one labelled track after the
 * other: a true change is the first frame of a track of another class than the one before, and an
 * event is right where it tells that class while the track is shown, for the first time.
 *
 * @param changes true changes
 * @param events events made
 * @param right events that are right
 * @param medianDelay frames from a change to the frame that confirmed it, median of those right
 * @param p95Delay the same, 95th percentile
 */
record EventEvaluation(int changes, int events, int right, int medianDelay, int p95Delay) {

  private static final int ZONES = 8;
  private static final EventRules RULES = EventRules.DEFAULT;

  /** The zone of each track, dealt in the order in which they come. */
  static Map<String, String> zones(List<ExitRecord> records) {
    Map<String, String> zones = new LinkedHashMap<>();
    records.forEach(
        record -> zones.computeIfAbsent(record.sourceId(), it -> "zone-" + zones.size() % ZONES));
    return zones;
  }

  /** What one zone shows. */
  private static final class Zone {
    private SourceClass known = SourceClass.unseen();
    private String track;
    private int label = -1;
    private int frames;
    private int beganAt;
    private boolean told;
  }

  /** Judges frames that come track by track. */
  static EventEvaluation of(List<TrackEvaluation.Judged> judged, Map<String, String> zones) {
    Map<String, Zone> shown = new HashMap<>();
    List<Integer> delays = new ArrayList<>();
    int changes = 0;
    int events = 0;
    for (TrackEvaluation.Judged frame : judged) {
      ExitRecord record = frame.record();
      Zone zone = shown.computeIfAbsent(zones.get(record.sourceId()), it -> new Zone());
      if (!record.sourceId().equals(zone.track)) {
        zone.track = record.sourceId();
        if (record.trueLabel() != zone.label) {
          zone.label = record.trueLabel();
          zone.beganAt = zone.frames;
          zone.told = false;
          changes++;
        }
      }
      Change change = step(zone, frame);
      events += change == null ? 0 : 1;
      if (change != null && change.to().label() == zone.label && !zone.told) {
        zone.told = true;
        delays.add(zone.frames - zone.beganAt);
      }
      zone.frames++;
    }
    Collections.sort(delays);
    return new EventEvaluation(
        changes, events, delays.size(), quantile(delays, 0.5), quantile(delays, 0.95));
  }

  private static Change step(Zone zone, TrackEvaluation.Judged frame) {
    Vote vote = new Vote(zone.frames, zone.frames, frame.label(), "", frame.confidence());
    SourceClass.Step step = zone.known.step(vote, RULES);
    zone.known = step.next();
    return step.change();
  }

  private static int quantile(List<Integer> sorted, double share) {
    return sorted.isEmpty()
        ? 0
        : sorted.get(Math.min(sorted.size() - 1, (int) (share * sorted.size())));
  }

  double precision() {
    return events == 0 ? 1 : (double) right / events;
  }

  double recall() {
    return changes == 0 ? 1 : (double) right / changes;
  }
}
