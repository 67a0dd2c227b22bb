package io.boostnet.flink.budget;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.flink.annotation.Internal;

/**
 * What an image takes on the machine, learned from windows. Immutable.
 *
 * <pre>
 *   image    = beside + sum over stages k of reach_k * (slowness * t_k + beside)
 *   capacity = {@value #LOAD} * 1e9 / image
 * </pre>
 *
 * where reach_k is the share of images that run stage k; t_k is the measured time of an image on
 * stage k, in nanoseconds; beside is the time that keeps the thread busy beside the calls of the
 * networks, for each stop of an image on its way: reading, decoding and writing it are one, every
 * stage that it is handed to is one.
 *
 * <p>The times of the stages relative to each other belong to the network and are learned with a
 * time constant of {@value #PROFILE_SECONDS} s; how fast the machine is at the moment is one factor
 * for all of them, so that it is known for stages as well that few images reach. What an image
 * costs on a quiet thread says little of what it will cost under load: it costs less there where
 * micro-batches are fuller and the thread is woken less often, and more where busy threads share a
 * core. So slowness and the time beside the stages are learned with a time constant of
 *
 * <pre>
 *   {@value #BUSY_SECONDS} s / w^2,   w = (u - {@value #QUIET}) / ({@value #LOAD} - {@value #QUIET}) within 0 .. 1
 * </pre>
 *
 * where u is the utilization of the busiest thread: as measured, or, if that is larger, as it was
 * to be at the settings in force by what was known. A thread that is quiet because the stream
 * leaves it time teaches nothing; one that is quieter than it was to be was known too dear. A
 * window with a pause in it counts by its images; one that was slower than {@value #MOST_RISE}
 * times what is known counts as that, since a stall of the machine is not its speed.
 *
 * @param stageNanos time of an image per stage, in nanoseconds; 0 where not known
 * @param besideNanos time beside the calls of the networks, in nanoseconds, for each stop of an
 *     image on its way through the job; 0 where not known
 * @param slowness how much longer than {@code stageNanos} all stages take of late
 */
@Internal
public record MachineModel(double[] stageNanos, double besideNanos, double slowness)
    implements Serializable {

  private static final long serialVersionUID = 1;

  private static final double LOAD = 0.9;
  private static final double QUIET = 0.7;
  private static final double BUSY_SECONDS = 1;
  private static final double PROFILE_SECONDS = 8;
  private static final double MOST_RISE = 1.3;

  public MachineModel {
    stageNanos = stageNanos.clone();
  }

  static MachineModel unknown(int exits) {
    return new MachineModel(new double[exits], 0, 1);
  }

  @Override
  public double[] stageNanos() {
    return stageNanos.clone();
  }

  /**
   * Images per second that a subtask serves at {@value #LOAD} of its time; infinite where nothing
   * is known.
   *
   * @param exitShares share of the images that leaves at each exit
   */
  double capacity(double[] exitShares) {
    double nanos = besideNanos;
    double reaching = Arrays.stream(exitShares).sum();
    for (int i = 0; i < exitShares.length; i++) {
      nanos += reaching * (stageNanos[i] * slowness + besideNanos);
      reaching -= exitShares[i];
    }
    return LOAD * 1e9 / nanos;
  }

  /**
   * Takes a window in.
   *
   * @param arrivals as known before it
   * @param exitShares share of the images that was planned to leave at each exit
   */
  MachineModel learn(ExitWindow window, Arrivals arrivals, double[] exitShares) {
    double seconds = secondsOfImages(window, arrivals);
    double steady = weight(seconds, steadySeconds(window, exitShares));
    double seen = slownessIn(window);
    double[] profile = stageNanos.clone();
    for (int i = 0; i < profile.length; i++) {
      long images = window.ran(i + 1);
      if (images > 0 && seen > 0) {
        double nanos = window.work().stageNanos()[i] / (images * seen);
        profile[i] = learn(profile[i], nanos, weight(seconds, PROFILE_SECONDS));
      }
    }
    double beside = besideNanos;
    if (window.ran(1) > 0) {
      double onStages = Arrays.stream(window.work().stageNanos()).sum();
      double nanos = Math.max(0, window.work().busyNanos() - onStages) / stops(window);
      beside = learnSteadily(beside, nanos, steady);
    }
    return new MachineModel(profile, beside, learnSteadily(slowness, seen, steady));
  }

  private double steadySeconds(ExitWindow window, double[] exitShares) {
    double planned = LOAD * window.intake().mostArrivalsPerSecond() / capacity(exitShares);
    double utilization = Math.max(planned, window.mostUtilization());
    double load = Math.max(0, Math.min(1, (utilization - QUIET) / (LOAD - QUIET)));
    return BUSY_SECONDS / (load * load);
  }

  /** Of the stages whose times are known; as before where there is none. */
  private double slownessIn(ExitWindow window) {
    double spent = 0;
    double expected = 0;
    for (int i = 0; i < stageNanos.length; i++) {
      if (stageNanos[i] > 0) {
        spent += window.work().stageNanos()[i];
        expected += window.ran(i + 1) * stageNanos[i];
      }
    }
    return expected > 0 ? spent / expected : slowness;
  }

  private static double stops(ExitWindow window) {
    long stops = window.ran(1);
    for (int stage = 1; stage <= window.exits().exits(); stage++) {
      stops += window.ran(stage);
    }
    return stops;
  }

  /** How long the images of a window usually take to come. */
  private static double secondsOfImages(ExitWindow window, Arrivals arrivals) {
    double usual = Math.max(window.servedPerSecond(), arrivals.perSecond());
    return window.ran(1) / Math.max(1, usual);
  }

  private static double weight(double seconds, double timeConstant) {
    return 1 - Math.exp(-seconds / timeConstant);
  }

  /**
   * One window in which the machine stalled says little of those to come; no window is much faster
   * than the machine. Nothing at all is no time: the calls were counted in another window.
   */
  private static double learnSteadily(double mean, double value, double weight) {
    return learn(mean, mean == 0 ? value : Math.min(value, MOST_RISE * mean), weight);
  }

  private static double learn(double mean, double value, double weight) {
    return mean == 0 ? value : mean + weight * (value - mean);
  }
}
