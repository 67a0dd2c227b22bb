package io.boostnet.jobs.replay;

import io.boostnet.flink.budget.Budget;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Budgets as words: {@code fixed:0.5} and {@code keep-up:0.25-0.8}. */
final class BudgetConverter implements ITypeConverter<Budget> {

  private static final String NUMBER = "(\\d*\\.?\\d+)";
  private static final Pattern FIXED = Pattern.compile("fixed:" + NUMBER);
  private static final Pattern KEEP_UP = Pattern.compile("keep-up:" + NUMBER + "-" + NUMBER);

  @Override
  public Budget convert(String text) {
    Matcher fixed = FIXED.matcher(text);
    Matcher keepUp = KEEP_UP.matcher(text);
    try {
      if (fixed.matches()) {
        return Budget.fixed(Double.parseDouble(fixed.group(1)));
      }
      if (keepUp.matches()) {
        return Budget.keepUp()
            .between(Double.parseDouble(keepUp.group(1)), Double.parseDouble(keepUp.group(2)));
      }
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "' is no budget: " + e.getMessage());
    }
    throw new TypeConversionException(
        "'" + text + "' is no budget; fixed:<share> and keep-up:<min>-<target> are");
  }

  /** The words of a budget. */
  static String words(Budget budget) {
    if (budget instanceof Budget.Fixed fixed) {
      return "fixed:" + fixed.share();
    }
    if (budget instanceof Budget.KeepUp keepUp) {
      return "keep-up:" + keepUp.min() + "-" + keepUp.target();
    }
    throw new IllegalArgumentException("no words for " + budget);
  }
}
