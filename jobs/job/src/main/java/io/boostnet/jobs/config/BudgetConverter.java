package io.boostnet.jobs.config;

import io.boostnet.flink.budget.Budget;
import java.math.BigDecimal;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Budgets of the command line, as {@link Budget#parse} reads them. */
public final class BudgetConverter implements ITypeConverter<Budget> {

  @Override
  public Budget convert(String text) {
    try {
      return Budget.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** Reads keep-up budgets, and no others. */
  public static final class KeepUp implements ITypeConverter<Budget.KeepUp> {

    @Override
    public Budget.KeepUp convert(String text) {
      if (new BudgetConverter().convert(text) instanceof Budget.KeepUp keepUp) {
        return keepUp;
      }
      throw new TypeConversionException(
          "budget is \"" + text + "\"; keep-up or keep-up:<least>-<target> is needed");
    }
  }

  /**
   * The words of a budget.
   *
   * @throws IllegalArgumentException for constant thresholds, which have none
   */
  public static String words(Budget budget) {
    if (budget instanceof Budget.Fixed fixed) {
      return "fixed:" + number(fixed.share());
    }
    if (budget instanceof Budget.KeepUp keepUp) {
      return "keep-up:" + number(keepUp.least()) + "-" + number(keepUp.target());
    }
    if (budget instanceof Budget.Deadline deadline) {
      return "deadline:" + deadline.allowed().toMillis() + "ms";
    }
    throw new IllegalArgumentException("no words for " + budget);
  }

  private static String number(double share) {
    return BigDecimal.valueOf(share).stripTrailingZeros().toPlainString();
  }
}
