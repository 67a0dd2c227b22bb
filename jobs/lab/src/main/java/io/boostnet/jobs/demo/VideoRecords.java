package io.boostnet.jobs.demo;

import io.boostnet.jobs.evaluate.EventScore;
import io.boostnet.jobs.evaluate.TrueChange;
import io.boostnet.jobs.outcomes.OutcomeListener;
import io.boostnet.schema.Event;
import io.boostnet.schema.EventKind;
import io.boostnet.schema.Prediction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the job says of the sources of a video whose content is known. Pictures of a live camera are
 * numbered on from some number: the first that was seen is picture 0. One thread.
 */
final class VideoRecords implements OutcomeListener {

  private record Decided(long sequence, int label) {}

  private final Map<String, List<TrueChange>> truth;
  private final Map<String, List<Decided>> decided = new HashMap<>();
  private final Map<String, List<Event>> events = new HashMap<>();
  private final Map<String, Long> first = new HashMap<>();
  private double cost;
  private long predictions;
  private long inherited;

  VideoRecords(Map<String, List<TrueChange>> truth) {
    this.truth = truth;
  }

  @Override
  public void prediction(Prediction prediction) {
    String source = prediction.getSourceId();
    first.merge(source, prediction.getSequence(), Math::min);
    decided
        .computeIfAbsent(source, name -> new ArrayList<>())
        .add(new Decided(prediction.getSequence(), prediction.getLabel()));
    predictions++;
    cost += prediction.getCost();
    inherited += prediction.getInherited() ? 1 : 0;
  }

  @Override
  public void event(Event event) {
    if (event.getKind() == EventKind.CHANGED) {
      events.computeIfAbsent(event.getSourceId(), source -> new ArrayList<>()).add(event);
    }
  }

  long predictions() {
    return predictions;
  }

  long events() {
    return events.values().stream().mapToLong(List::size).sum();
  }

  /** Share of the predictions that took over an earlier decision. */
  double inheritedShare() {
    return predictions == 0 ? 0 : (double) inherited / predictions;
  }

  double meanCost() {
    return predictions == 0 ? 0 : cost / predictions;
  }

  /** Share of the predictions that name the class that the picture truly shows. */
  double accuracy() {
    long right = 0;
    for (Map.Entry<String, List<Decided>> source : decided.entrySet()) {
      for (Decided frame : source.getValue()) {
        long picture = frame.sequence() - first.get(source.getKey());
        right +=
            truth.get(source.getKey()).stream()
                .filter(change -> picture >= change.from() && picture < change.until())
                .filter(change -> change.label() == frame.label())
                .count();
      }
    }
    return predictions == 0 ? 0 : (double) right / predictions;
  }

  /** The events against the truth. */
  EventScore score() {
    EventScore score = new EventScore();
    truth.forEach(
        (source, changes) ->
            score.add(
                changes,
                events.getOrDefault(source, List.of()).stream()
                    .map(
                        event ->
                            new EventScore.Told(
                                event.getToLabel(),
                                event.getSequence() - first.getOrDefault(source, 0L)))
                    .toList()));
    return score;
  }
}
