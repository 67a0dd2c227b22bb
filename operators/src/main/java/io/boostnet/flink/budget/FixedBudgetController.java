package io.boostnet.flink.budget;

/**
 * Holds the mean cost per image at a budget: starts from the calibrated thresholds and removes the
 * error that drift makes ({@link ShareFeedback}). Quotas make the budget a guarantee ({@link
 * Quotas}).
 *
 * <p>A budget below the cost of the first exit is not met, one above the dearest point of the
 * frontier is not spent.
 */
final class FixedBudgetController implements BudgetController {

  private static final long serialVersionUID = 1;

  private final double share;
  private final Frontier frontier;
  private final ShareFeedback feedback;

  FixedBudgetController(Budget.Fixed budget, Frontier frontier) {
    this.share = budget.share();
    this.frontier = frontier;
    this.feedback = new ShareFeedback(frontier);
  }

  @Override
  public ControlState start() {
    return feedback.start(share);
  }

  @Override
  public Adjustment step(ExitWindow window, ControlState current) {
    current.requireFitting(window, frontier.cost().exits());
    ControlMemory.Shares shares =
        feedback.remember(window, current.memory(ControlMemory.Shares.class));
    return feedback
        .toward(share, window, shares, current, memory -> memory)
        .at(frontier.priceAt(share), Double.NaN);
  }
}
