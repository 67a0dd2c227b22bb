package io.boostnet.jobs.trial;

import io.boostnet.flink.event.Change;
import io.boostnet.flink.event.EventRules;
import io.boostnet.flink.event.SourceClass;
import io.boostnet.flink.event.Vote;
import io.boostnet.schema.Prediction;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Changes of class that predictions of labelled frames tell, against the true ones.
 *
 * @param events changes told, by three of the last five frames
 * @param right those of them that tell a true change, for the first time, while it holds
 * @param changes true changes, the first class of each source among them
 */
record ToldChanges(int events, int right, int changes) {

  static ToldChanges of(List<Prediction> predictions) {
    Map<String, List<Prediction>> sources =
        predictions.stream()
            .sorted(Comparator.comparing(Prediction::getSequence))
            .collect(
                Collectors.groupingBy(Prediction::getSourceId, TreeMap::new, Collectors.toList()));
    return sources.values().stream()
        .map(ToldChanges::ofSource)
        .reduce(new ToldChanges(0, 0, 0), ToldChanges::plus);
  }

  private static ToldChanges ofSource(List<Prediction> frames) {
    SourceClass known = SourceClass.unseen();
    Integer truth = null;
    boolean told = false;
    int events = 0;
    int right = 0;
    int changes = 0;
    for (Prediction frame : frames) {
      if (!frame.getTrueLabel().equals(truth)) {
        truth = frame.getTrueLabel();
        told = false;
        changes++;
      }
      SourceClass.Step step = known.step(vote(frame), EventRules.DEFAULT);
      known = step.next();
      Change change = step.change();
      if (change != null) {
        events++;
        if (change.to().label() == truth && !told) {
          told = true;
          right++;
        }
      }
    }
    return new ToldChanges(events, right, changes);
  }

  private static Vote vote(Prediction frame) {
    return new Vote(
        frame.getSequence(),
        frame.getSequence(),
        frame.getLabel(),
        frame.getLabelName(),
        frame.getConfidence());
  }

  private ToldChanges plus(ToldChanges other) {
    return new ToldChanges(events + other.events, right + other.right, changes + other.changes);
  }
}
