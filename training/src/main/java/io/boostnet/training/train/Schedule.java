package io.boostnet.training.train;

import java.util.List;

/** The learning rate over a run: a pure function of the step. */
public sealed interface Schedule {

  /**
   * Learning rate of a step.
   *
   * @param step steps done before it, from 0
   * @param steps steps of the whole run
   */
  double rate(long step, long steps);

  /**
   * The paper's: {@code rate}, multiplied by {@code factor} at each milestone. The official run has
   * 0.1, and 0.1 at half and three quarters of 300 epochs.
   *
   * @param milestones epochs, ascending
   * @param epochs epochs of the whole run
   */
  record MultiStep(double rate, double factor, List<Integer> milestones, int epochs)
      implements Schedule {
    public MultiStep {
      milestones = List.copyOf(milestones);
      checkRate(rate);
      if (!(factor > 0 && factor <= 1)) {
        throw new IllegalArgumentException(
            "lr-decay is " + factor + "; it must be above 0 and at most 1");
      }
      for (int i = 0; i < milestones.size(); i++) {
        if (milestones.get(i) < 1 || i > 0 && milestones.get(i) <= milestones.get(i - 1)) {
          throw new IllegalArgumentException(
              "milestones are " + milestones + "; they must be epochs from 1 on that grow");
        }
      }
      if (!milestones.isEmpty() && milestones.get(milestones.size() - 1) >= epochs) {
        throw new IllegalArgumentException(
            "milestones are %s; they must be below the %d epochs of the run"
                .formatted(milestones, epochs));
      }
    }

    @Override
    public double rate(long step, long steps) {
      long passed = milestones.stream().filter(epoch -> step * epochs >= epoch * steps).count();
      return rate * Math.pow(factor, passed);
    }
  }

  /** From {@code rate} down to 0 along half a cosine. */
  record Cosine(double rate) implements Schedule {
    public Cosine {
      checkRate(rate);
    }

    @Override
    public double rate(long step, long steps) {
      return between(rate, 0, (double) step / steps);
    }
  }

  /**
   * Smith's one-cycle: up from {@code peak / 25} to {@code peak} in the first three tenths of the
   * run, then down to almost 0, both along half a cosine. The choice for short runs.
   */
  record OneCycle(double peak) implements Schedule {
    private static final double WARM_UP = 0.3;
    private static final double START = 1.0 / 25;
    private static final double END = 1.0 / 250_000;

    public OneCycle {
      checkRate(peak);
    }

    @Override
    public double rate(long step, long steps) {
      double at = (double) step / Math.max(1, steps - 1);
      return at < WARM_UP
          ? between(peak * START, peak, at / WARM_UP)
          : between(peak, peak * END, (at - WARM_UP) / (1 - WARM_UP));
    }
  }

  private static double between(double from, double to, double share) {
    return to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2;
  }

  private static void checkRate(double rate) {
    if (!(rate > 0 && rate <= 100)) {
      throw new IllegalArgumentException("lr is " + rate + "; it must be above 0 and at most 100");
    }
  }
}
