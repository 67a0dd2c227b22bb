package io.boostnet.jobs.trial;

import com.fasterxml.jackson.databind.JsonNode;
import io.boostnet.flink.budget.Budget;
import io.boostnet.jobs.config.BudgetConverter;
import io.boostnet.jobs.files.JsonFile;
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
          + " Kubernetes operator. A slot may be busy for nine tenths of its time; the load doubles"
          + " from half of what a slot can do at target quality to all of it, and falls to a"
          + " quarter.",
      "Passes (exit code 0) where quality is lowered within 5 s of the rise, no frame waits for"
          + " more than 2 s until slots are added, none for more than 1 s later than 60 s after the"
          + " decision to add them, quality returns to the target, the job is scaled in after the load"
          + " fell, and at no time to fewer slots while quality is lowered or without a decision, and"
          + " every frame has one outcome.",
      "Takes 6 minutes; nothing else should run on the machine. On 2 cores, which two slots share"
          + " with the broker, the load and the autoscaler, quality may return too late."
    })
public final class AutoscalingTrial implements Callable<Integer> {

  private static final int CAPACITY_FRAMES = 14_000;
  private static final int WARMING_FRAMES = 8_000;

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
          "job.autoscaler.observed-true-processing-rate.lag-threshold", "365 d",
          "job.autoscaler.vertex.max-parallelism", String.valueOf(AutoscalingRun.SLOTS),
          "job.autoscaler.metrics.window", "30 s",
          "job.autoscaler.stabilization.interval", "10 s",
          "job.autoscaler.scale-down.interval", "0 s",
          // The maximum is taken of means over the last minute, which would make the trial longer.
          "job.autoscaler.metrics.busy-time.aggregator", "AVG");

  @Spec private CommandSpec spec;

  @Mixin private TrialOptions options;

  @Mixin private PlotOption plot;

  @Option(
      names = "--budget",
      converter = BudgetConverter.KeepUp.class,
      defaultValue = "keep-up:0.25-0.6",
      description = "A keep-up budget. Default: ${DEFAULT-VALUE}.")
  private Budget.KeepUp budget;

  @Override
  public Integer call() throws Exception {
    Trial trial = options.trial(1, this::say);
    trial.requireUsable(budget);
    AutoscalingReport report;
    AutoscalingRun.Result result;
    try (AutoscalingRun run = AutoscalingRun.start(trial)) {
      // The TaskManagers have then all run the job once: only their first time would be measured.
      run.capacity(budget.target(), 2, WARMING_FRAMES);
      double capacity = run.capacity(budget.target(), 1, CAPACITY_FRAMES);
      say("capacity of one slot at the target: %.0f frames/s".formatted(capacity));
      Phases load =
          new Phases(
              List.of(
                  new Phase(15, 0.25 * capacity), // the job starts cold
                  new Phase(45, 0.5 * capacity),
                  new Phase(105, capacity),
                  new Phase(80, 0.25 * capacity)));
      result = run.run(budget.words(), load, AUTOSCALER);
      report = report(trial, capacity, load, budget.target(), result);
    }
    print(report);
    if (options.report() != null) {
      JsonFile.write(options.report(), report);
    }
    if (plot.file() != null) {
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
    double rise = load.phases().get(0).seconds() + load.phases().get(1).seconds();
    AutoscalingReport.Times times =
        new AutoscalingReport.Times(
            rise, rise + load.phases().get(2).seconds(), load.seconds(), target);
    boolean complete = result.report().missing() == 0 && result.report().doubled() == 0;
    return new AutoscalingReport(
        trial.bundle().cascade().name(),
        budget.words(),
        capacity,
        new TreeMap<>(AUTOSCALER),
        result.report().missing(),
        result.report().doubled(),
        rows(times, scalings, budgets, recording),
        AutoscalingReport.judge(
            times, scalings, result.slots(), budgets, waits(recording), complete),
        scalings,
        result.slots(),
        budgets.changes(),
        course("utilization", result.journal().evaluations(), recording),
        course("trueRate", result.journal().evaluations(), recording),
        course("targetRate", result.journal().evaluations(), recording));
  }

  private static Course waits(Recording recording) {
    List<Course.Step> waits = new ArrayList<>();
    for (Recording.Decided frame : recording.frames()) {
      double second = Math.floor(frame.due());
      int last = waits.size() - 1;
      if (last < 0 || waits.get(last).at() < second) {
        waits.add(new Course.Step(second, frame.waited()));
      } else if (waits.get(last).value() < frame.waited()) {
        waits.set(last, new Course.Step(second, frame.waited()));
      }
    }
    return new Course(waits);
  }

  /** A figure of the source's vertex; without windows that a restart fell into. */
  private static Course course(String figure, List<JsonNode> evaluations, Recording recording) {
    return new Course(
        evaluations.stream()
            .filter(evaluation -> evaluation.get("source").asBoolean())
            .filter(evaluation -> isWhole(evaluation))
            .map(
                evaluation ->
                    new Course.Step(
                        seconds(evaluation, recording), evaluation.get(figure).asDouble()))
            .toList());
  }

  /** Busy time is counted anew after a restart, so that a share across one can be anything. */
  private static boolean isWhole(JsonNode evaluation) {
    double utilization = evaluation.get("utilization").asDouble();
    return utilization >= 0 && utilization <= 1;
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
    parts.put(0.0, "load, 1 slot");
    parts.put(times.rise(), "load doubled, 1 slot");
    parts.put(times.fall(), "load fallen, 2 slots");
    for (AutoscalingReport.Scaling scaling : scalings) {
      double until =
          parts.higherKey(scaling.at()) == null ? times.end() : parts.higherKey(scaling.at());
      double settled =
          budgets.staysFrom(AutoscalingReport.BACK * times.target(), scaling.at(), until);
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
        .courses("slots in use (0: the job is being restarted)", Map.of("slots", report.slots()))
        .courses("utilization over the autoscaler's window", Map.of("busy", report.utilization()))
        .courses("budget, share of the full network", Map.of("budget", report.budgets()))
        .figure("accuracy, % (over 5 s)", 5, frames -> 100 * Recording.accuracy(frames))
        .figure("decided within (p99), s", frames -> Recording.waited(frames, 0.99))
        .write(plot.file());
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
    say(
        "no frame waits longer than 1 s: %.1f s after that decision"
            .formatted(verdict.drainedAfter()));
    say(
        "quality back at the target: %.1f s after that decision"
            .formatted(verdict.returnedAfter()));
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
