package io.boostnet.jobs.trial;

import java.util.ArrayList;
import java.util.List;

/**
 * A value over time that stays as it is until it changes. Immutable.
 *
 * @param steps the changes, in order of time
 */
record Course(List<Step> steps) {

  /**
   * A change.
   *
   * @param at when, in seconds
   * @param value the value from then on
   */
  record Step(double at, double value) {}

  Course {
    steps = List.copyOf(steps);
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i).at() < steps.get(i - 1).at()) {
        throw new IllegalArgumentException(
            "the change at %s s comes after that at %s s"
                .formatted(steps.get(i).at(), steps.get(i - 1).at()));
      }
    }
  }

  /** The value at a time; NaN before the first change. */
  double at(double seconds) {
    double value = Double.NaN;
    for (Step step : steps) {
      if (step.at() > seconds) {
        break;
      }
      value = step.value();
    }
    return value;
  }

  /** The least value within a time, both ends counted; NaN where there is none. */
  double least(double from, double until) {
    double least = at(from);
    for (Step step : steps) {
      if (step.at() >= from && step.at() <= until) {
        least = Double.isNaN(least) ? step.value() : Math.min(least, step.value());
      }
    }
    return least;
  }

  /** The largest value within a time, both ends counted; NaN where there is none. */
  double most(double from, double until) {
    return -negated().least(from, until);
  }

  /** The same as {@link #staysFrom} for a value that stays at a level or below. */
  double staysTo(double level, double from, double until) {
    return negated().staysFrom(-level, from, until);
  }

  private Course negated() {
    return new Course(steps.stream().map(step -> new Step(step.at(), -step.value())).toList());
  }

  /** The first time from a time on at which the value is below a level; infinite for never. */
  double firstBelow(double level, double from) {
    if (at(from) < level) {
      return from;
    }
    return steps.stream()
        .filter(step -> step.at() >= from && step.value() < level)
        .mapToDouble(Step::at)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /**
   * The first time within a time from which the value stays at a level or above, up to its end;
   * infinite where it is below it at the end.
   */
  double staysFrom(double level, double from, double until) {
    double since = at(from) >= level ? from : Double.POSITIVE_INFINITY;
    for (Step step : steps) {
      if (step.at() < from || step.at() > until) {
        continue;
      }
      if (step.value() < level) {
        since = Double.POSITIVE_INFINITY;
      } else if (Double.isInfinite(since)) {
        since = step.at();
      }
    }
    return since;
  }

  /** The changes to another value alone. */
  Course changes() {
    List<Step> changes = new ArrayList<>();
    for (Step step : steps) {
      if (changes.isEmpty() || changes.get(changes.size() - 1).value() != step.value()) {
        changes.add(step);
      }
    }
    return new Course(changes);
  }
}
