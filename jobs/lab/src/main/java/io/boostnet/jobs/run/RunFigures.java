package io.boostnet.jobs.run;

import io.boostnet.jobs.accounts.Accounts;
import io.boostnet.jobs.load.LoadGenerator;
import io.boostnet.jobs.load.LoadReport;
import io.boostnet.jobs.outcomes.OutcomeListener;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Prediction;
import java.util.List;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * The figures of a run: its accounts, where frames left, how right and how late. Thread-safe.
 *
 * <p>Outcomes may arrive before the broker's acknowledgement of the frame.
 */
public final class RunFigures implements OutcomeListener, LoadGenerator.Acknowledged {

  private static final long MAX_LATENCY_MS = 3_600_000;

  private final Accounts accounts = new Accounts();
  private final LongSupplier clock;
  private final long[] exits;
  private final Histogram decisionMs = new Histogram(MAX_LATENCY_MS, 3);
  private final Histogram visibleMs = new Histogram(MAX_LATENCY_MS, 3);
  private long bad;
  private long controlEvents;
  private long labelled;
  private long right;
  private double cost;
  private long firstFrameMs = Long.MAX_VALUE;
  private long lastDecisionMs = Long.MIN_VALUE;

  /**
   * No figures yet.
   *
   * @param exits exits of the cascade
   */
  public RunFigures(int exits) {
    this(exits, System::currentTimeMillis);
  }

  /** The same with a clock, in milliseconds since the Unix epoch. */
  RunFigures(int exits, LongSupplier clock) {
    this.exits = new long[exits];
    this.clock = clock;
  }

  @Override
  public void frame(String sourceId, long sequence, int partition, long offset) {
    accounts.published(new Accounts.Key(sourceId, sequence), partition, offset);
  }

  @Override
  public synchronized void bad(LoadReport.BadRecord record) {
    accounts.published(new Accounts.Key(Accounts.BAD, bad++), record.partition(), record.offset());
  }

  @Override
  public synchronized void prediction(Prediction prediction) {
    accounts.predicted(new Accounts.Key(prediction.getSourceId(), prediction.getSequence()));
    exits[prediction.getExit() - 1]++;
    cost += prediction.getCost();
    if (prediction.getTrueLabel() != null) {
      labelled++;
      right += prediction.getTrueLabel() == prediction.getLabel() ? 1 : 0;
    }
    firstFrameMs = Math.min(firstFrameMs, prediction.getTimestampMs());
    lastDecisionMs = Math.max(lastDecisionMs, prediction.getDecidedAtMs());
    decisionMs.recordValue(latency(prediction, prediction.getDecidedAtMs()));
    visibleMs.recordValue(latency(prediction, clock.getAsLong()));
  }

  private static long latency(Prediction prediction, long untilMs) {
    return Math.min(MAX_LATENCY_MS, Math.max(0, untilMs - prediction.getTimestampMs()));
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    accounts.dead(letter.getPartition(), letter.getOffset());
  }

  @Override
  public synchronized void controlEvent(ControlEvent event) {
    controlEvents++;
  }

  /** Whether every record published so far has an outcome. */
  public boolean isSettled() {
    return accounts.lost() == 0;
  }

  /** Whether the job has announced itself. */
  synchronized boolean hasControlEvents() {
    return controlEvents > 0;
  }

  /** Outcomes so far: what grows while the job makes progress. */
  long outcomes() {
    return accounts.predictions() + accounts.deadLetters();
  }

  /** One line for a person who watches. */
  synchronized String line() {
    StringBuilder shares = new StringBuilder();
    for (long left : exits) {
      shares.append(shares.isEmpty() ? "" : "/").append(Math.round(100.0 * left / predictions()));
    }
    return "published %,d  decided %,d  dead %d  exits %s %%  cost %.2f  accuracy %s  decided within p95 %d ms"
        .formatted(
            accounts.published() - bad,
            accounts.predictions(),
            accounts.deadLetters(),
            shares,
            cost / predictions(),
            labelled == 0 ? "-" : "%.1f %%".formatted(100.0 * right / labelled),
            decisionMs.getValueAtPercentile(95));
  }

  private double predictions() {
    return Math.max(1, accounts.predictions());
  }

  /**
   * What the run came to.
   *
   * @param load what the load generator says it published
   */
  public synchronized RunReport report(LoadReport load, RunReport.Setting setting) {
    List<LoadReport.BadRecord> badMissing =
        load.bad().stream()
            .filter(record -> accounts.isLost(record.partition(), record.offset()))
            .toList();
    double[] shares = new double[exits.length];
    for (int exit = 0; exit < exits.length; exit++) {
      shares[exit] = exits[exit] / predictions();
    }
    return new RunReport(
        setting,
        accounts.published(),
        load.badPublished(),
        accounts.predictions(),
        accounts.deadLetters(),
        accounts.lost() - badMissing.size(),
        accounts.doubled(),
        badMissing,
        load.failed(),
        controlEvents,
        labelled == 0 ? null : (double) right / labelled,
        shares,
        cost / predictions(),
        1000.0 * predictions() / Math.max(1, lastDecisionMs - firstFrameMs),
        RunReport.Latency.of(decisionMs),
        RunReport.Latency.of(visibleMs),
        load.latenessMs());
  }
}
