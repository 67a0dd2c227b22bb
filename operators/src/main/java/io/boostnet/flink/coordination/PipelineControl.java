package io.boostnet.flink.coordination;

import io.boostnet.flink.budget.Adjustment;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.ExitWindow;
import io.boostnet.flink.budget.QuotaExchange;
import io.boostnet.flink.budget.QuotaUse;
import io.boostnet.flink.model.OffClock;
import io.boostnet.flink.model.ThresholdChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator.SubtaskGateway;
import org.apache.flink.util.clock.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control of one pipeline, shared by the coordinators of its stages. A decision is made when
 * every subtask has reported since the last one, or when a late one has been waited for as long as
 * the interval again; there is no timer and no thread of its own. Called by the JobManager's main
 * thread alone; gauges may read {@link #measured}, {@link #costOf} and {@link #version} from any
 * thread.
 */
final class PipelineControl {

  private static final Logger LOG = LoggerFactory.getLogger(PipelineControl.class);
  private static final long NANOS_PER_MS = 1_000_000;
  private static final int NAMED_CLOCKS = 20;
  private static final String START = "the job started";

  private final ControlPlan plan;
  private final ControlStateSerializer serializer;
  private final Clock clock;
  private final ReportedWindow window;
  private final AuditTally audits;
  private final PriorityTally byPriority;
  private final Map<Integer, Map<Integer, SubtaskGateway>> gateways = new HashMap<>();
  private Set<String> offClocks = Set.of();
  private ControlState state;
  private ThresholdUpdate update;
  private long decidedNanos;
  private volatile ThresholdChange.Measured measured;
  private volatile long version;
  private volatile double[] priorityCosts;

  PipelineControl(ControlPlan plan, Clock clock) {
    this.plan = plan;
    this.serializer = new ControlStateSerializer(plan.policy());
    this.clock = clock;
    this.window = new ReportedWindow(plan.cost().exits());
    this.audits = new AuditTally(plan.cost().exits());
    this.byPriority = new PriorityTally(plan.cost(), plan.priorities().size());
    this.priorityCosts = byPriority.meanCosts();
    this.decidedNanos = clock.relativeTimeNanos();
    begin(plan.controller().start(), START);
  }

  private void begin(ControlState with, String reason) {
    state = with;
    measured = ThresholdChange.Measured.nothing(with.budget());
    version = with.thresholds().version();
    update = ThresholdUpdate.of(with, clock.absoluteTimeMillis(), reason, measured);
  }

  /** What the last window showed. */
  ThresholdChange.Measured measured() {
    return measured;
  }

  /** Mean cost of late of the frames of a priority; NaN where there was none. */
  double costOf(int priority) {
    return priorityCosts[priority];
  }

  /** Version of the thresholds in force. */
  long version() {
    return version;
  }

  /** A stage of a subtask runs: tells it the settings in force. */
  void ready(int stage, int subtask, SubtaskGateway gateway) {
    gateways.computeIfAbsent(stage, s -> new HashMap<>()).put(subtask, gateway);
    if (stage == 1) {
      if (window.isEmpty()) {
        decidedNanos = clock.relativeTimeNanos(); // nothing was measured while nothing ran
      }
      window.ready(subtask, clock.relativeTimeNanos());
    }
    gateway.sendEvent(update);
  }

  /** A stage of a subtask runs no longer. */
  void gone(int stage, int subtask) {
    forget(stage, subtask);
    if (stage == 1) {
      window.gone(subtask);
    }
  }

  private void forget(int stage, int subtask) {
    gateways.computeIfPresent(
        stage,
        (number, subtasks) -> {
          subtasks.remove(subtask);
          return subtasks;
        });
  }

  /**
   * Takes a report, and decides if it was the one that was waited for.
   *
   * @param speaker stage that reports, for itself and for those that are chained to it; these hear
   *     of decisions through it from here on
   */
  void report(int speaker, int subtask, TaskReport report) {
    long now = clock.relativeTimeNanos();
    for (TaskReport.Part part : report.parts()) {
      if (part instanceof ExitReport stage) {
        byPriority.add(stage);
        if (stage.stage() != speaker) {
          forget(stage.stage(), subtask);
        }
      }
      if (part instanceof AuditReport compared) {
        audits.add(compared);
      } else {
        window.add(subtask, part, now);
      }
    }
    long waited = now - decidedNanos;
    long interval = plan.interval().toNanos();
    if (waited >= 2 * interval || waited >= interval / 2 && window.isComplete(now)) {
      decide(now, waited);
    }
  }

  private void decide(long now, long waited) {
    decidedNanos = now;
    long endMs = clock.absoluteTimeMillis();
    ExitWindow seen = window.drain(Math.max(1, waited / NANOS_PER_MS), endMs, now);
    if (seen == null) {
      return;
    }
    ControlState before = state;
    Adjustment adjustment = withClocks(plan.controller().step(seen, before), seen);
    state = adjustment.next();
    measured = measure(seen, adjustment);
    priorityCosts = byPriority.meanCosts();
    if (adjustment.changed()) {
      tell(before, adjustment, endMs);
    }
    lend();
  }

  private void tell(ControlState before, Adjustment adjustment, long endMs) {
    version = state.thresholds().version();
    update = ThresholdUpdate.of(state, endMs, adjustment.reason(), measured);
    log(before, adjustment);
    gateways.values().forEach(stage -> stage.values().forEach(to -> to.sendEvent(update)));
  }

  /** What some subtasks spare of their quotas goes to those that lack it. */
  private void lend() {
    Map<Integer, QuotaUse[]> uses = window.quotaUses(plan.controller()::lendsTo);
    double[][] grants = QuotaExchange.grants(List.copyOf(uses.values()), state.quotas().depth());
    int i = 0;
    for (int subtask : uses.keySet()) {
      QuotaGrant grant = new QuotaGrant(grants[i++]);
      if (Arrays.stream(grant.tokens()).anyMatch(tokens -> tokens > 0)) {
        gateways.values().stream()
            .map(stage -> stage.get(subtask))
            .filter(Objects::nonNull)
            .forEach(gateway -> gateway.sendEvent(grant));
      }
    }
  }

  /** A clock that goes off or right again is told, where the policy goes by what arrives. */
  private Adjustment withClocks(Adjustment adjustment, ExitWindow seen) {
    if (Double.isNaN(adjustment.neededRate())) {
      return adjustment;
    }
    List<OffClock> now = seen.intake().offClocks();
    Set<String> off =
        now.stream().map(OffClock::where).collect(Collectors.toCollection(TreeSet::new));
    List<String> news = new ArrayList<>();
    now.stream()
        .filter(clock -> !offClocks.contains(clock.where()))
        .limit(NAMED_CLOCKS)
        .forEach(clock -> news.add("the timestamps of " + clock + " are not believed"));
    offClocks.stream()
        .filter(where -> !off.contains(where))
        .limit(NAMED_CLOCKS)
        .forEach(where -> news.add("the timestamps of " + where + " go right again"));
    offClocks = off;
    if (news.isEmpty()) {
      return adjustment;
    }
    ControlState next = adjustment.next();
    if (adjustment.changed()) {
      news.add(adjustment.reason());
    } else {
      next = next.after(next);
    }
    return new Adjustment(
        next, true, String.join("; ", news), adjustment.price(), adjustment.neededRate());
  }

  private ThresholdChange.Measured measure(ExitWindow seen, Adjustment adjustment) {
    boolean any = seen.images() > 0;
    return new ThresholdChange.Measured(
        state.budget(),
        seen.meanCost(plan.cost()),
        adjustment.price(),
        adjustment.neededRate(),
        seen.servedPerSecond(),
        seen.backlogAgeMs(),
        seen.mostUtilization(),
        any ? seen.exits().shares() : new double[0],
        any ? seen.forcedShare() : Double.NaN,
        audits.agreement(),
        seen.intake().offClocks().stream().limit(NAMED_CLOCKS).toArray(OffClock[]::new),
        any || seen.inherited() > 0 ? seen.inheritedShare() : Double.NaN);
  }

  /** A move of the budget is news; thresholds that follow the confidences are not. */
  private void log(ControlState before, Adjustment adjustment) {
    String line = "{}: version {}, {}; thresholds {}; measured {}";
    Object[] values = {plan.pipeline(), version, adjustment.reason(), state.thresholds(), measured};
    if (Double.compare(before.budget(), state.budget()) != 0) {
      LOG.info(line, values);
    } else {
      LOG.debug(line, values);
    }
  }

  byte[] snapshot() throws IOException {
    return serializer.write(state);
  }

  /**
   * Goes on from a checkpoint. A state of another policy gives way to the start of this one, under
   * a larger version.
   *
   * @param saved null where there is no checkpoint
   */
  void restore(byte[] saved) throws IOException {
    ControlState start = plan.controller().start();
    if (saved == null) {
      begin(start, START);
      return;
    }
    ControlStateSerializer.Saved read = serializer.read(saved);
    if (read.policy().equals(plan.policy())) {
      begin(read.state(), "restored from a checkpoint");
    } else {
      LOG.info(
          "{}: the checkpoint was made under \"{}\"; starting anew with \"{}\"",
          plan.pipeline(),
          read.policy(),
          plan.policy());
      begin(
          start.after(read.state()),
          "the budget, the network or the priorities are others than before");
    }
  }
}
