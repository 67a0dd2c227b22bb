package io.boostnet.jobs.config;

import io.boostnet.flink.budget.Budget;
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
}
