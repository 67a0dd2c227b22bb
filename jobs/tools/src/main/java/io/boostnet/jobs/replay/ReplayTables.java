package io.boostnet.jobs.replay;

import io.boostnet.jobs.replay.ReplayReport.Phase;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A report as tables for a reader. */
final class ReplayTables {

  private final PrintWriter out;

  ReplayTables(PrintWriter out) {
    this.out = out;
  }

  /** Prints all but the runs. */
  void head(ReplayReport report) {
    print(
        "%s: thresholds from %,d images, judged on %,d%nthese are %s; seed %d%n",
        report.name(),
        report.calibrationImages(),
        report.testImages(),
        report.judgedOn(),
        report.seed());
    print(
        "cost of the exits %s; solved in %.2f s%n%n",
        Arrays.stream(report.cost())
            .mapToObj(cost -> String.format(Locale.ROOT, "%.3f", cost))
            .collect(Collectors.joining(" / ")),
        report.solveSeconds());
    print(
        "accuracy, %%, at equal mean cost; the oracle knows the test labels, the cross-fitted one%n");
    print("not those of the images that it is judged on%n");
    print("budget  published    ours  oracle  cross-fitted  ours - published%n");
    for (ReplayReport.FrontierRow row : report.frontier().rows()) {
      print(
          "%6.3f  %9.2f  %6.2f  %6.2f  %12.2f  %+16.2f%n",
          row.budget(),
          100 * row.published(),
          100 * row.ours(),
          100 * row.oracle(),
          100 * row.crossFitted(),
          100 * (row.ours() - row.published()));
    }
    print(
        "first-exit %.2f at %.3f, never-exit %.2f at 1.000%n",
        100 * report.firstExit(), report.cost()[0], 100 * report.neverExit());
    summary(report.frontier());
    print(
        "most that a larger budget loses: published %.2f, ours %.2f points%n",
        100 * report.frontier().publishedLostByMore(), 100 * report.frontier().oursLostByMore());
    for (ReplayReport.Frontier split : report.splits()) {
      print("%,d for calibration, seed %d: ", split.calibrationImages(), split.seed());
      summary(split);
    }
    if (!report.splits().isEmpty()) {
      print(
          "mean of the splits: ours - published %+.2f; oracle - ours %+.2f, cross-fitted %+.2f points%n",
          100 * mean(report, ReplayReport.Frontier::meanOverPublished),
          100 * mean(report, ReplayReport.Frontier::meanUnderOracle),
          100 * mean(report, ReplayReport.Frontier::meanUnderCrossFitted));
    }
    out.flush();
  }

  /**
   * Prints the table of a run.
   *
   * @param capacity images per second that its rates are shares of
   */
  void run(ReplayReport.Run run, double capacity) {
    print("%n%s, %s: %s%n", run.budget(), run.scenario(), run.description());
    print(
        "100 %% are %,.0f images/s; event from %.0f s to %.0f s of %.0f s%n",
        capacity, run.from(), run.until(), run.seconds());
    print("            mean cost                           accuracy, %%%n");
    print(
        "policy         run  before     2 s   event   after    run  event  to oracle"
            + "  forced, %%  dearest run  p99, s  max, s%n");
    for (ReplayReport.Row row : run.rows()) {
      Phase whole = row.whole();
      print(
          "%-10s  %6.3f  %6s  %6s  %6s  %6s  %5.2f  %5.2f  %9.2f  %9s  %13s  %6s  %6s%n",
          row.policy(),
          whole.meanCost(),
          cost(row.before()),
          cost(row.onset()),
          cost(row.event()),
          cost(row.after()),
          100 * whole.accuracy(),
          100 * row.event().accuracy(),
          100 * (whole.oracleAccuracy() - whole.accuracy()),
          text(whole.forcedShare() == null ? null : 100 * whole.forcedShare(), "%.2f"),
          text(row.dearestRun(), "%.3f"),
          text(whole.backlogP99Seconds(), "%.2f"),
          text(whole.backlogMaxSeconds(), "%.2f"));
    }
    if (run.runBound() != null) {
      print("our quotas hold any 5,000 consecutive images to %.3f%n", run.runBound());
    }
    if (run.reaction() != null) {
      print(
          "our budget in the event: %.3f, reached (10 %%) after %.2f s%s%n",
          run.reaction().level(),
          run.reaction().settledSeconds(),
          run.reaction().restoredSeconds() == null
              ? ""
              : text(run.reaction().restoredSeconds(), "; the target again %.2f s after its end"));
    }
    out.flush();
  }

  private void summary(ReplayReport.Frontier frontier) {
    print(
        "ours - published: mean %+.2f, worst %+.2f points; oracle - ours: mean %+.2f, cross-fitted %+.2f%n",
        100 * frontier.meanOverPublished(),
        100 * frontier.worstOverPublished(),
        100 * frontier.meanUnderOracle(),
        100 * frontier.meanUnderCrossFitted());
  }

  private static double mean(ReplayReport report, Function<ReplayReport.Frontier, Double> figure) {
    return report.splits().stream().mapToDouble(figure::apply).average().orElseThrow();
  }

  private static String cost(Phase phase) {
    return text(phase == null ? null : phase.meanCost(), "%.3f");
  }

  private static String text(Double figure, String format) {
    return figure == null ? "-" : String.format(Locale.ROOT, format, figure);
  }

  private void print(String format, Object... figures) {
    out.printf(Locale.ROOT, format, figures);
  }
}
