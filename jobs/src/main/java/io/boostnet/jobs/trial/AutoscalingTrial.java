package io.boostnet.jobs.trial;

import com.fasterxml.jackson.databind.JsonNode;
import io.boostnet.flink.budget.Budget;
import io.boostnet.jobs.ConfigException;
import io.boostnet.jobs.JsonFile;
import io.boostnet.jobs.load.LoadProfile.Phases;
import io.boostnet.jobs.load.LoadProfile.Phases.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench autoscaling}: keep-up and an autoscaler, each doing its part. */
@Command(
    name = "autoscaling",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "The Kafka job on a Flink cluster of processes, scaled by the autoscaler of the Flink"
          + " Kubernetes operator, under a load that doubles beyond the capacity of the one slot"
          + " that the job starts with, and falls again. Loads are in shares of the rate that one"
          + " slot can do at the budget's target: 0.6, 1.2 and 0.25.",
      "Passes (exit code 0) where quality is lowered within 5 s of the rise, no frame waits for"
          + " more than 2 s until slots are added, quality returns to the target, the job is scaled"
          + " in after the load fell, and at no time to fewer slots while quality is lowered.",
      "Takes 6 minutes and 2 cores; nothing else should run on the machine."
    })
public final class AutoscalingTrial implements Callable<Integer> {

  private static final int CAPACITY_FRAMES = 14_000;

  /**
   * Options of the autoscaler. The bounds of the utilization are those for production; the times
   * are short, so that the trial is.
   */
  private static final Map<String, String> AUTOSCALER =
      Map.of(
          "job.autoscaler.enabled", "true",
          "job.autoscaler.target.utilization", "0.7",
          "job.autoscaler.target.utilization.boundary", "0.1",
          "job.autoscaler.catch-up.duration", "0 s",
          "job.autoscaler.vertex.max-parallelism", String.valueOf(AutoscalingRun.SLOTS),
          "job.autoscaler.metrics.window", "30 s",
          "job.autoscaler.stabilization.interval", "10 s",
          "job.autoscaler.scale-down.interval", "0 s",
          // The maximum is taken of means over the last minute, which would make the trial longer.
          "job.autoscaler.metrics.busy-time.aggregator", "AVG");

  @Spec private CommandSpec spec;

  @Mixin private TrialOptions options;

  @Option(names = "--budget", description = "A keep-up budget. Default: ${DEFAULT-VALUE}.")
  private String budget = "keep-up:0.25-0.6";

  @Override
  public Integer call() throws Exception {
    if (!(Budget.parse(budget) instanceof Budget.KeepUp keepUp)) {
      throw new ConfigException("The budget is " + budget + "; a keep-up budget is needed.");
    }
    Trial trial = options.trial(1, this::say);
    AutoscalingReport report;
    AutoscalingRun.Result result;
    try (AutoscalingRun run = AutoscalingRun.start(trial)) {
      double capacity = run.capacity(keepUp.target(), CAPACITY_FRAMES);
      say("capacity of one slot: %.0f frames/s".formatted(capacity));
      Phases load =
          new Phases(
              List.of(
                  new Phase(50, 0.6 * capacity),
                  new Phase(110, 1.2 * capacity),
                  new Phase(110, 0.25 * capacity)));
      result = run.run(budget, load, AUTOSCALER);
      report = report(trial, capacity, load, keepUp.target(), result);
    }
    print(report);
    if (options.report() != null) {
      JsonFile.write(options.report(), report);
    }
    if (options.plot() != null) {
      plot(report, result.recording());
    }
    return report.verdict().passed() ? 0 : 1;
  }

  private AutoscalingReport report(
      Trial trial, double capacity, Phases load, double target, AutoscalingRun.Result result) {
    Recording recording = result.recording();
    Course budgets =
        new Course(
            recording.events().stream()
                .filter(event -> event.getValue().getBudget() != null)
                .map(event -> new Course.Step(event.getKey(), event.getValue().getBudget()))
                .toList());
    List<AutoscalingReport.Scaling> scalings =
        result.journal().scalings().stream()
            .map(
                scaling ->
                    AutoscalingReport.scaling(
                        seconds(scaling, recording),
                        most(scaling.get("before")),
                        most(scaling.get("after")),
                        budgets))
            .filter(scaling -> scaling.before() != scaling.after())
            .toList();
    AutoscalingReport.Times times =
        new AutoscalingReport.Times(
            load.phases().get(0).seconds(),
            load.phases().get(0).seconds() + load.phases().get(1).seconds(),
            load.seconds(),
            target);
    double out =
        scalings.stream()
            .filter(scaling -> scaling.at() > times.rise())
            .mapToDouble(AutoscalingReport.Scaling::at)
            .findFirst()
            .orElse(times.fall());
    return new AutoscalingReport(
        trial.bundle().cascade().name(),
        budget,
        capacity,
        new TreeMap<>(AUTOSCALER),
        result.report().missing(),
        result.report().doubled(),
        rows(times, scalings, budgets, recording),
        AutoscalingReport.judge(
            times,
            scalings,
            result.slots(),
            budgets,
            Recording.waited(recording.due(times.rise(), out), 1)),
        scalings,
        result.slots(),
        budgets.changes(),
        utilization(result.journal().evaluations(), recording));
  }

  private static Course utilization(List<JsonNode> evaluations, Recording recording) {
    return new Course(
        evaluations.stream()
            .filter(evaluation -> evaluation.get("source").asBoolean())
            .map(
                evaluation ->
                    new Course.Step(
                        seconds(evaluation, recording), evaluation.get("utilization").asDouble()))
            .toList());
  }

  private static double seconds(JsonNode entry, Recording recording) {
    return (entry.get("timestampMs").asLong() - recording.startMs()) / 1e3;
  }

  private static int most(JsonNode parallelismByVertex) {
    List<Integer> all = new ArrayList<>();
    parallelismByVertex.forEach(parallelism -> all.add(parallelism.asInt()));
    return Collections.max(all);
  }

  private static List<AutoscalingReport.Row> rows(
      AutoscalingReport.Times times,
      List<AutoscalingReport.Scaling> scalings,
      Course budgets,
      Recording recording) {
    TreeMap<Double, String> parts = new TreeMap<>();
    parts.put(0.0, "load");
    parts.put(times.rise(), "load doubled");
    parts.put(times.fall(), "load fallen");
    for (AutoscalingReport.Scaling scaling : scalings) {
      double until =
          parts.higherKey(scaling.at()) == null ? times.end() : parts.higherKey(scaling.at());
      double settled =
          budgets.staysFrom(AutoscalingReport.AT_TARGET * times.target(), scaling.at(), until);
      parts.put(scaling.at(), "%d -> %d slots".formatted(scaling.before(), scaling.after()));
      double running = Math.max(settled, scaling.at() + 10);
      if (running < until) {
        parts.put(running, "%d slots".formatted(scaling.after()));
      }
    }
    List<AutoscalingReport.Row> rows = new ArrayList<>();
    parts.forEach(
        (from, name) -> {
          double until = parts.higherKey(from) == null ? times.end() : parts.higherKey(from);
          List<Recording.Decided> frames = recording.due(from, until);
          rows.add(
              new AutoscalingReport.Row(
                  name,
                  from,
                  until,
                  frames.size() / (until - from),
                  Recording.meanCost(frames),
                  Recording.accuracy(frames),
                  Recording.waited(frames, 0.99),
                  Recording.waited(frames, 1)));
        });
    return rows;
  }

  private void plot(AutoscalingReport report, Recording recording) {
    new TrialPlot(Map.of("frames", recording))
        .figure("offered, frames/s", List::size)
        .course("slots in use, 0 while restarting", "slots", report.slots())
        .course("utilization as the autoscaler sees it", "busy", report.utilization())
        .course("budget, share of the full network", "budget", report.budgets())
        .figure("mean cost, share of the full network", Recording::meanCost)
        .figure("accuracy, %", frames -> 100 * Recording.accuracy(frames))
        .figure("decided within (p99), s", frames -> Recording.waited(frames, 0.99))
        .write(options.plot());
  }

  private void print(AutoscalingReport report) {
    say("%nmissing %d, doubled %d".formatted(report.missing(), report.doubled()));
    say("  from s  until s  frames/s   cost  accuracy   p99 s   max s");
    for (AutoscalingReport.Row row : report.rows()) {
      say(
          "  %6.1f  %7.1f  %8.0f  %5.3f  %7.2f%%  %6.3f  %6.3f  %s"
              .formatted(
                  row.from(),
                  row.until(),
                  row.rate(),
                  row.meanCost(),
                  100 * row.accuracy(),
                  row.waitedP99(),
                  row.waitedMax(),
                  row.name()));
    }
    AutoscalingReport.Verdict verdict = report.verdict();
    say("quality lowered %.1f s after the load rose".formatted(verdict.loweredAfter()));
    say("longest wait until slots were added: %.2f s".formatted(verdict.waitedMax()));
    say("decision to scale out after %.1f s".formatted(verdict.raisedAfter()));
    say("quality back at the target %.1f s later".formatted(verdict.returnedAfter()));
    say("decision to scale in %.1f s after the load fell".formatted(verdict.scaledInAfter()));
    say(
        "least budget in the 10 s before a decision for fewer slots: %.3f; fewer without one: %s"
            .formatted(verdict.budgetBeforeFewer(), verdict.fewerUndecided() ? "yes" : "no"));
    say(verdict.passed() ? "passed" : "FAILED");
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
