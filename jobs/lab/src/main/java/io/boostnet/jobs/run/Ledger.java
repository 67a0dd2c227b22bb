package io.boostnet.jobs.run;

import io.boostnet.jobs.load.BadFrame;
import io.boostnet.jobs.load.LoadReport;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Prediction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * What was published and what became of it: every frame must have one outcome, a prediction or a
 * dead letter, and every deliberately bad record a dead letter. Thread-safe.
 *
 * <p>Outcomes may arrive before the broker's acknowledgement of the frame.
 */
public final class Ledger {

  private static final long MAX_LATENCY_MS = 3_600_000;

  /** A Kafka record. */
  private record Coordinates(String topic, int partition, long offset) {}

  /** The frames of one source. */
  private static final class Source {
    private final BitSet published = new BitSet();
    private final BitSet decided = new BitSet();
  }

  private final Map<String, Source> sources = new HashMap<>();
  private final Set<Coordinates> deadRecords = new HashSet<>();
  private final long[] exits;
  private final Histogram decisionMs = new Histogram(MAX_LATENCY_MS, 3);
  private final Histogram visibleMs = new Histogram(MAX_LATENCY_MS, 3);
  private long published;
  private long predictions;
  private long deadLetters;
  private long deadFrames;
  private long controlEvents;
  private long doubled;
  private long open;
  private long labelled;
  private long right;
  private double cost;
  private long firstFrameMs = Long.MAX_VALUE;
  private long lastDecisionMs = Long.MIN_VALUE;

  /**
   * An empty ledger.
   *
   * @param exits exits of the cascade
   */
  public Ledger(int exits) {
    this.exits = new long[exits];
  }

  /** The broker has this frame. */
  public synchronized void published(String sourceId, long sequence) {
    Source source = source(sourceId);
    source.published.set(Math.toIntExact(sequence));
    published++;
    if (!source.decided.get((int) sequence)) {
      open++;
    }
  }

  /**
   * Takes a prediction.
   *
   * @param seenAtMs when it could be read, in milliseconds since the Unix epoch
   */
  synchronized void prediction(Prediction prediction, long seenAtMs) {
    predictions++;
    outcome(prediction.getSourceId(), prediction.getSequence());
    exits[prediction.getExit() - 1]++;
    cost += prediction.getCost();
    if (prediction.getTrueLabel() != null) {
      labelled++;
      right += prediction.getTrueLabel() == prediction.getLabel() ? 1 : 0;
    }
    firstFrameMs = Math.min(firstFrameMs, prediction.getTimestampMs());
    lastDecisionMs = Math.max(lastDecisionMs, prediction.getDecidedAtMs());
    decisionMs.recordValue(latency(prediction, prediction.getDecidedAtMs()));
    visibleMs.recordValue(latency(prediction, seenAtMs));
  }

  private static long latency(Prediction prediction, long untilMs) {
    return Math.min(MAX_LATENCY_MS, Math.max(0, untilMs - prediction.getTimestampMs()));
  }

  /** Takes a dead letter. */
  synchronized void deadLetter(DeadLetter letter) {
    deadLetters++;
    boolean again =
        !deadRecords.add(
            new Coordinates(letter.getTopic(), letter.getPartition(), letter.getOffset()));
    if (letter.getSourceId() != null && !letter.getSourceId().equals(BadFrame.SOURCE)) {
      deadFrames++;
      outcome(letter.getSourceId(), letter.getSequence());
    } else if (again) {
      doubled++;
    }
  }

  /** Takes a control event. */
  synchronized void controlEvent() {
    controlEvents++;
  }

  private void outcome(String sourceId, long sequence) {
    Source source = source(sourceId);
    int index = Math.toIntExact(sequence);
    if (source.decided.get(index)) {
      doubled++;
      return;
    }
    source.decided.set(index);
    if (source.published.get(index)) {
      open--;
    }
  }

  private Source source(String sourceId) {
    return sources.computeIfAbsent(sourceId, id -> new Source());
  }

  /** Whether every frame published so far has an outcome, and so has every bad record. */
  public synchronized boolean isSettled(long badRecords) {
    return open == 0 && deadLetters - deadFrames >= badRecords;
  }

  /** Whether the job has announced itself. */
  synchronized boolean hasControlEvents() {
    return controlEvents > 0;
  }

  /** Outcomes so far: what grows while the job makes progress. */
  synchronized long outcomes() {
    return predictions + deadLetters;
  }

  /** One line for a person who watches. */
  synchronized String line() {
    StringBuilder shares = new StringBuilder();
    for (long left : exits) {
      shares.append(shares.isEmpty() ? "" : "/").append(Math.round(100.0 * left / predictions()));
    }
    return "published %,d  decided %,d  dead %d  exits %s %%  cost %.2f  accuracy %s  decided within p95 %d ms"
        .formatted(
            published,
            predictions,
            deadLetters,
            shares,
            cost / predictions(),
            labelled == 0 ? "-" : "%.1f %%".formatted(100.0 * right / labelled),
            decisionMs.getValueAtPercentile(95));
  }

  private double predictions() {
    return Math.max(1, predictions);
  }

  /**
   * Balances the ledger.
   *
   * @param topic the topic of the frames
   * @param load what the load generator says it published
   */
  public synchronized RunReport balance(String topic, LoadReport load, RunReport.Setting setting) {
    long missing = 0;
    for (Source source : sources.values()) {
      BitSet unanswered = (BitSet) source.published.clone();
      unanswered.andNot(source.decided);
      missing += unanswered.cardinality();
    }
    List<LoadReport.BadRecord> badMissing = new ArrayList<>(load.bad());
    badMissing.removeIf(
        bad -> deadRecords.contains(new Coordinates(topic, bad.partition(), bad.offset())));
    double[] shares = new double[exits.length];
    for (int exit = 0; exit < exits.length; exit++) {
      shares[exit] = exits[exit] / predictions();
    }
    return new RunReport(
        setting,
        published + load.badPublished(),
        load.badPublished(),
        predictions,
        deadLetters,
        missing,
        doubled,
        badMissing,
        load.failed(),
        controlEvents,
        labelled == 0 ? null : (double) right / labelled,
        shares,
        cost / predictions(),
        1000.0 * predictions / Math.max(1, lastDecisionMs - firstFrameMs),
        RunReport.Latency.of(decisionMs),
        RunReport.Latency.of(visibleMs),
        load.latenessMs());
  }
}
