package io.boostnet.flink.coordination;

import io.boostnet.flink.budget.ConfidenceHistogram;
import io.boostnet.flink.budget.ExitDistribution;
import io.boostnet.flink.budget.ExitWindow;
import io.boostnet.flink.budget.QuotaExchange;
import io.boostnet.flink.budget.QuotaUse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoublePredicate;

/**
 * Gathers the reports of all subtasks into the window of the next decision. A running subtask that
 * is late stands in it with its last known arrivals and stage times and a backlog that has grown
 * older, so that it is not mistaken for one that needs nothing; one that is silent for {@value
 * #SILENT_NANOS} ns is left out until it reports again. Times are of one steady clock of the
 * caller. Not thread-safe.
 */
final class ReportedWindow {

  static final long SILENT_NANOS = 5_000_000_000L;

  private static final long NANOS_PER_MS = 1_000_000;

  private final int exits;
  private final Map<Integer, Subtask> subtasks = new TreeMap<>();

  ReportedWindow(int exits) {
    this.exits = exits;
  }

  void ready(int subtask, long nowNanos) {
    subtasks.put(subtask, new Subtask(exits, nowNanos));
  }

  /** Whether no subtask runs. */
  boolean isEmpty() {
    return subtasks.isEmpty();
  }

  void gone(int subtask) {
    subtasks.remove(subtask);
  }

  /** Takes a report; one of a subtask that is not running is dropped. */
  void add(int subtask, TaskReport.Part report, long nowNanos) {
    Subtask reporting = subtasks.get(subtask);
    if (reporting != null) {
      reporting.add(report, nowNanos);
    }
  }

  /** Whether every subtask that is not silent has reported since the last {@link #drain}. */
  boolean isComplete(long nowNanos) {
    boolean any = false;
    for (Subtask subtask : subtasks.values()) {
      if (!subtask.isSilent(nowNanos) && !subtask.reported) {
        return false;
      }
      any |= subtask.reported;
    }
    return any;
  }

  /**
   * The window since the last call, and starts a new one.
   *
   * @param spanMs time since then, above 0
   * @param endMs end of the window on the wall clock
   * @return null where no subtask is heard of
   */
  ExitWindow drain(long spanMs, long endMs, long nowNanos) {
    List<ExitWindow> windows =
        subtasks.values().stream()
            .filter(subtask -> !subtask.isSilent(nowNanos))
            .map(subtask -> subtask.drain(spanMs, endMs, nowNanos))
            .toList();
    return windows.isEmpty() ? null : ExitWindow.merge(windows);
  }

  /**
   * What the quotas of the subtasks could spare or lack that have reported since the last call.
   *
   * @param lendsTo whether a subtask may be lent to whose thread was busy for a share of its time
   */
  Map<Integer, QuotaUse[]> quotaUses(DoublePredicate lendsTo) {
    Map<Integer, QuotaUse[]> uses = new TreeMap<>();
    subtasks.forEach(
        (index, subtask) -> {
          if (subtask.quotas != null) {
            boolean lent = lendsTo.test(subtask.utilization);
            uses.put(index, lent ? subtask.quotas : QuotaExchange.sparing(subtask.quotas));
            subtask.quotas = null;
          }
        });
    return uses;
  }

  /** One running subtask. */
  private static final class Subtask {

    private final long[] exits;
    private final long[] forced;
    private final ConfidenceHistogram[] confidences;
    private final long[] stageNanos;
    private final long[] slowestNanos;
    private long busyNanos;
    private long inherited;
    private ExitWindow.Intake intake = ExitWindow.Intake.nothing();
    private QuotaUse[] quotas;
    private double utilization;
    private long heardNanos;
    private boolean reported;

    Subtask(int exits, long nowNanos) {
      this.exits = new long[exits];
      forced = new long[exits];
      confidences = new ConfidenceHistogram[exits - 1];
      stageNanos = new long[exits];
      slowestNanos = new long[exits];
      heardNanos = nowNanos;
      clear();
    }

    private void clear() {
      Arrays.fill(exits, 0);
      Arrays.fill(confidences, ConfidenceHistogram.empty());
      Arrays.fill(stageNanos, 0);
      Arrays.fill(forced, 0);
      busyNanos = 0;
      inherited = 0;
      reported = false;
    }

    boolean isSilent(long nowNanos) {
      return nowNanos - heardNanos > SILENT_NANOS;
    }

    void add(TaskReport.Part part, long nowNanos) {
      if (part instanceof ExitReport report) {
        add(report);
      } else if (part instanceof IntakeReport report) {
        busyNanos += report.busyNanos();
        inherited += report.inherited();
        intake = report.intake();
        heardNanos = nowNanos;
        reported = true;
      }
    }

    private QuotaUse[] none() {
      QuotaUse[] none = new QuotaUse[confidences.length];
      Arrays.fill(none, QuotaUse.NONE);
      return none;
    }

    private void add(ExitReport report) {
      int i = report.stage() - 1;
      exits[i] += report.exits();
      forced[i] += report.forced();
      stageNanos[i] += report.stageNanos();
      slowestNanos[i] = report.slowestNanos(); // of the last seconds, whenever it was
      if (i < confidences.length) {
        quotas = quotas == null ? none() : quotas;
        quotas[i] = quotas[i].then(report.quota());
        confidences[i] = confidences[i].plus(report.confidences());
      }
    }

    ExitWindow drain(long spanMs, long endMs, long nowNanos) {
      ExitWindow window =
          new ExitWindow(
              endMs,
              spanMs,
              1,
              new ExitWindow.Leaving(
                  ExitDistribution.of(exits), ExitDistribution.of(forced), List.of(confidences)),
              new ExitWindow.Work(stageNanos, slowestNanos, busyNanos),
              intake.olderBy((nowNanos - heardNanos) / NANOS_PER_MS),
              inherited);
      utilization = window.utilization();
      clear();
      return window;
    }
  }
}
