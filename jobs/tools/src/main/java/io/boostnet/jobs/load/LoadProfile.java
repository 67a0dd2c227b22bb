package io.boostnet.jobs.load;

import java.util.ArrayList;
import java.util.List;

/**
 * How the rate of a load runs over time: a pure function of the time since its start.
 *
 * <p>Load is open loop: the due time of every frame follows from the profile alone, never from how
 * fast earlier frames could be published. Times are in seconds since the start, rates in frames per
 * second. Immutable.
 */
public sealed interface LoadProfile {

  /** Rate at a time, above 0. */
  double rate(double seconds);

  /** Frames due from the start up to a time: the integral of the rate. Rises strictly. */
  double frames(double seconds);

  /**
   * When a frame is due: the inverse of {@link #frames}.
   *
   * @param index number of the frame, from 0; frame 0 is due at once
   * @return seconds since the start
   */
  default double dueSeconds(long index) {
    double late = 1;
    while (frames(late) < index) {
      late *= 2;
    }
    double early = 0;
    while (true) {
      double middle = (early + late) / 2;
      if (middle <= early || middle >= late) {
        return early;
      }
      if (frames(middle) < index) {
        early = middle;
      } else {
        late = middle;
      }
    }
  }

  /**
   * The same rate at all times.
   *
   * @param rate frames per second
   */
  record Steady(double rate) implements LoadProfile {

    public Steady {
      requirePositive("rate", rate);
    }

    @Override
    public double rate(double seconds) {
      return rate;
    }

    @Override
    public double frames(double seconds) {
      return rate * seconds;
    }
  }

  /**
   * A base rate, with a burst at the end of every period.
   *
   * @param base frames per second between bursts
   * @param peak frames per second in a burst
   * @param period seconds from burst to burst
   * @param length seconds a burst lasts, less than the period
   */
  record Burst(double base, double peak, double period, double length) implements LoadProfile {

    public Burst {
      requirePositive("rate", base);
      requirePositive("peak", peak);
      requirePositive("period", period);
      requirePositive("burst length", length);
      if (length >= period) {
        throw new IllegalArgumentException(
            "burst length is " + length + " s; it must be below the period, " + period + " s");
      }
    }

    @Override
    public double rate(double seconds) {
      return inPeriod(seconds) < period - length ? base : peak;
    }

    @Override
    public double frames(double seconds) {
      double quiet = period - length;
      double inPeriod = inPeriod(seconds);
      return Math.floor(seconds / period) * (base * quiet + peak * length)
          + base * Math.min(inPeriod, quiet)
          + peak * Math.max(0, inPeriod - quiet);
    }

    /** Not the remainder: next to a multiple of the period that one may jump before floor does. */
    private double inPeriod(double seconds) {
      return Math.max(0, seconds - Math.floor(seconds / period) * period);
    }
  }

  /**
   * From one rate to another in a straight line, then on at the second.
   *
   * @param from frames per second at the start
   * @param to frames per second from {@code seconds} on
   * @param over seconds the change takes
   */
  record Ramp(double from, double to, double over) implements LoadProfile {

    public Ramp {
      requirePositive("rate", from);
      requirePositive("peak", to);
      requirePositive("period", over);
    }

    @Override
    public double rate(double seconds) {
      return from + (to - from) * Math.min(1, seconds / over);
    }

    @Override
    public double frames(double seconds) {
      double sloped = Math.min(seconds, over);
      return sloped * (from + rate(sloped)) / 2 + to * Math.max(0, seconds - over);
    }
  }

  /**
   * A day and a night in every period: {@code base + (peak - base) * (1 - cos(2 pi t / period)) /
   * 2}.
   *
   * @param base frames per second at the start and end of a period
   * @param peak frames per second in its middle
   * @param period seconds
   */
  record Diurnal(double base, double peak, double period) implements LoadProfile {

    public Diurnal {
      requirePositive("rate", base);
      requirePositive("peak", peak);
      requirePositive("period", period);
    }

    @Override
    public double rate(double seconds) {
      return base + (peak - base) * (1 - Math.cos(2 * Math.PI * seconds / period)) / 2;
    }

    @Override
    public double frames(double seconds) {
      double wave = Math.sin(2 * Math.PI * seconds / period) * period / (2 * Math.PI);
      return base * seconds + (peak - base) * (seconds - wave) / 2;
    }
  }

  /**
   * One rate after the other; the last goes on.
   *
   * @param phases at least one
   */
  record Phases(List<Phase> phases) implements LoadProfile {

    /**
     * A time at one rate.
     *
     * @param seconds how long
     * @param rate frames per second
     */
    public record Phase(double seconds, double rate) {

      public Phase {
        requirePositive("phase length", seconds);
        requirePositive("rate", rate);
      }
    }

    public Phases {
      phases = List.copyOf(phases);
      if (phases.isEmpty()) {
        throw new IllegalArgumentException("there is no phase; at least one is needed");
      }
    }

    /** Reads phases as {@code 120:200,30:320}: seconds and frames per second of each. */
    static Phases parse(String text) {
      List<Phase> phases = new ArrayList<>();
      for (String phase : text.split(",")) {
        String[] parts = phase.strip().split(":");
        try {
          phases.add(new Phase(Double.parseDouble(parts[0]), Double.parseDouble(parts[1])));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
          throw new IllegalArgumentException(
              "phases are '" + text + "'; give seconds:rate for each, such as 120:200,30:320", e);
        }
      }
      return new Phases(phases);
    }

    /** Seconds of all phases. */
    public double seconds() {
      return phases.stream().mapToDouble(Phase::seconds).sum();
    }

    @Override
    public double rate(double seconds) {
      double end = 0;
      for (Phase phase : phases) {
        end += phase.seconds();
        if (seconds < end) {
          return phase.rate();
        }
      }
      return phases.get(phases.size() - 1).rate();
    }

    @Override
    public double frames(double seconds) {
      double frames = 0;
      double left = seconds;
      for (Phase phase : phases) {
        double in = Math.min(left, phase.seconds());
        frames += in * phase.rate();
        left -= in;
      }
      return frames + left * phases.get(phases.size() - 1).rate();
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be above 0 and finite");
    }
  }
}
