package io.boostnet.flink.budget;

/**
 * Spends what the stream leaves: the budget is the largest at which the subtasks serve the needed
 * rate.
 *
 * <pre>
 *   needed  = arrivals * (1 + max(0, backlog age - {@value #USUAL_AGE_MS} ms) / drain time)
 *   allowed = the largest B within least .. target with capacity(B) >= needed, else least
 * </pre>
 *
 * where arrivals are images per second of the stream's own time, so that they are right while it is
 * behind, of the subtask that has the most of them ({@link Arrivals}); capacity(B) is what a
 * subtask serves where the images leave as the frontier plans for B ({@link MachineModel}). A
 * backlog of age a holds {@code arrivals * a} images, hence the drain term.
 *
 * <p>The budget falls to what is allowed at once where arrivals rose by more than {@value #URGENT}
 * since the last decision, or where the backlog is older than {@value #LATE_MS} ms. Otherwise it
 * goes there with a time constant of {@value #CALM_SECONDS} s, so that noise does not make it jump,
 * and rises by at most {@code (target - least) /} {@value #RESTORE_SECONDS} s per second: what was
 * needed a moment ago is likely to be needed again. Gaps under {@value #DEAD_BAND} of the budget
 * wait until they are larger. Where sources have floors, least is at least what these cost ({@link
 * Floors}). Because the target is not exceeded, a job there shows its true load to an autoscaler.
 */
final class KeepUpController implements BudgetController {

  private static final long serialVersionUID = 1;

  private static final long USUAL_AGE_MS = 100;
  private static final long LATE_MS = 500;
  private static final double RESTORE_SECONDS = 3;
  private static final double URGENT = 0.1;
  private static final double CALM_SECONDS = 1;
  private static final double DEAD_BAND = 0.02;
  private static final double LENT_UNTIL = 0.85;
  private static final int HALVINGS = 20;

  private final Budget.KeepUp budget;
  private final Frontier frontier;
  private final ShareFeedback feedback;

  KeepUpController(Budget.KeepUp budget, Frontier frontier) {
    // Below its cheapest point the frontier has nothing to give, only a longer way back.
    double least = Math.max(budget.least(), frontier.leastCost());
    this.budget = budget.between(least, Math.max(least, budget.target()));
    this.frontier = frontier;
    this.feedback = new ShareFeedback(frontier);
  }

  @Override
  public ControlState start() {
    ControlState start = feedback.start(budget.target());
    return start.withMemory(
        new ControlMemory.KeepUp(
            start.memory(ControlMemory.Shares.class),
            Arrivals.unknown(),
            MachineModel.unknown(frontier.cost().exits())));
  }

  @Override
  public Adjustment step(ExitWindow window, ControlState current) {
    current.requireFitting(window, frontier.cost().exits());
    ControlMemory.KeepUp known = current.memory(ControlMemory.KeepUp.class);
    Arrivals arrivals = known.arrivals().learn(window);
    MachineModel machine =
        known.machine().learn(window, known.arrivals(), frontier.sharesAt(current.budget()));
    double urgency = urgency(window);
    ControlMemory.Shares shares = feedback.remember(window, known.shares());
    double least = least(shares);
    double allowed = allowed(urgency * arrivals.mostPerSecond(), machine, least);
    boolean rose = arrivals.roseBy(URGENT, known.arrivals());
    return feedback
        .toward(
            Math.max(least, next(allowed, window, rose, current.budget())),
            window,
            shares,
            current,
            memory -> new ControlMemory.KeepUp(memory, arrivals, machine))
        .at(frontier.priceAt(current.budget()), urgency * arrivals.perSecond());
  }

  /** Its thread must keep up: more than it has time for is of no use to it. */
  @Override
  public boolean lendsTo(double utilization) {
    return utilization < LENT_UNTIL;
  }

  /** How many times the arrivals must be served, for the backlog to drain. */
  private double urgency(ExitWindow window) {
    double behindMs = Math.max(0, window.backlogAgeMs() - USUAL_AGE_MS);
    return 1 + behindMs / budget.drain().toMillis();
  }

  /** Floors of sources are kept under any load: the least budget pays for them. */
  private double least(ControlMemory.Shares shares) {
    double floors = Floors.in(shares.seen()).cost(frontier.cost());
    return Math.min(budget.target(), Math.max(budget.least(), floors));
  }

  private double allowed(double needed, MachineModel machine, double least) {
    if (serves(needed, budget.target(), machine)) {
      return budget.target();
    }
    double low = least;
    double high = budget.target();
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (serves(needed, middle, machine)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private boolean serves(double needed, double share, MachineModel machine) {
    return machine.capacity(frontier.sharesAt(share)) >= needed;
  }

  private double next(double allowed, ExitWindow window, boolean rose, double before) {
    boolean late = window.backlogAgeMs() > LATE_MS;
    if (late || rose) {
      return Math.min(allowed, before);
    }
    if (Math.abs(allowed - before) >= DEAD_BAND * before) {
      double most = (budget.target() - budget.least()) * window.spanMs() / (1000 * RESTORE_SECONDS);
      double calm = 1 - Math.exp(-window.spanMs() / (1000 * CALM_SECONDS));
      return Math.min(before + calm * (allowed - before), before + most);
    }
    boolean atBound = allowed == budget.target() || allowed <= budget.least();
    return atBound ? allowed : before;
  }
}
