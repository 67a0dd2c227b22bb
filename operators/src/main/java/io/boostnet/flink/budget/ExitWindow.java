package io.boostnet.flink.budget;

import io.boostnet.flink.model.OffClock;
import io.boostnet.flink.model.StageCost;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.annotation.Internal;

/**
 * What was measured of a pipeline, or of one of its subtasks, in a stretch of time. Windows of
 * subtasks over the same stretch are put together with {@link #merge}.
 *
 * @param endMs when it ended: milliseconds on the caller's clock
 * @param spanMs how long it was, in milliseconds, above 0
 * @param subtasks how many subtasks it covers, at least 1
 * @param leaving where images left, and how confident they were
 * @param work what the stages and their threads were busy with
 * @param intake what came in to be run
 * @param inherited images that were not run, at least 0: they cost nothing, and are in no other
 *     count
 */
@Internal
public record ExitWindow(
    long endMs,
    long spanMs,
    int subtasks,
    Leaving leaving,
    Work work,
    Intake intake,
    long inherited) {

  public ExitWindow {
    require(inherited >= 0, "inherited are " + inherited + "; at least 0 is needed");
    require(spanMs > 0, "span is " + spanMs + " ms; above 0 is needed");
    require(subtasks > 0, "subtasks are " + subtasks + "; at least 1 is needed");
    int exits = leaving.exits().exits();
    require(
        work.stageNanos().length == exits,
        "%d exits and %d stage times; one per exit is needed"
            .formatted(exits, work.stageNanos().length));
  }

  /** A window in which all images were run. */
  public ExitWindow(
      long endMs, long spanMs, int subtasks, Leaving leaving, Work work, Intake intake) {
    this(endMs, spanMs, subtasks, leaving, work, intake, 0);
  }

  /**
   * Where images left.
   *
   * @param exits images that left, at each exit
   * @param forced images among them, at each exit, that left for a quota or a deadline
   * @param confidences confidences of the images that reached an exit, for each but the last
   */
  public record Leaving(
      ExitDistribution exits, ExitDistribution forced, List<ConfidenceHistogram> confidences) {

    public Leaving {
      confidences = List.copyOf(confidences);
      require(
          forced.exits() == exits.exits(),
          "%d exits and %d counts of forced ones; as many are needed"
              .formatted(exits.exits(), forced.exits()));
      require(
          confidences.size() == exits.exits() - 1,
          "%d exits and %d histograms; one for each exit but the last is needed"
              .formatted(exits.exits(), confidences.size()));
    }

    private Leaving plus(Leaving other) {
      ConfidenceHistogram[] histograms = new ConfidenceHistogram[confidences.size()];
      Arrays.setAll(histograms, i -> confidences.get(i).plus(other.confidences.get(i)));
      return new Leaving(exits.plus(other.exits), forced.plus(other.forced), List.of(histograms));
    }
  }

  /**
   * What the time went into.
   *
   * @param stageNanos time that calls to each stage's network took, in nanoseconds
   * @param slowestStageNanos 99th percentile, per stage, of the time from handing an image to the
   *     stage until its decision, of the last seconds, in nanoseconds; 0 where there was no image
   * @param busyNanos time that the subtasks' threads were busy, on the stages or beside them, in
   *     nanoseconds; 0 where not known
   */
  public record Work(long[] stageNanos, long[] slowestStageNanos, long busyNanos) {

    public Work {
      stageNanos = stageNanos.clone();
      slowestStageNanos = slowestStageNanos.clone();
      require(
          stageNanos.length == slowestStageNanos.length,
          "%d stages have times and %d slowest times; as many are needed"
              .formatted(stageNanos.length, slowestStageNanos.length));
    }

    private Work plus(Work other) {
      long[] nanos = new long[stageNanos.length];
      Arrays.setAll(nanos, i -> stageNanos[i] + other.stageNanos[i]);
      long[] slowest = new long[stageNanos.length];
      Arrays.setAll(slowest, i -> Math.max(slowestStageNanos[i], other.slowestStageNanos[i]));
      return new Work(nanos, slowest, busyNanos + other.busyNanos);
    }

    @Override
    public long[] stageNanos() {
      return stageNanos.clone();
    }

    @Override
    public long[] slowestStageNanos() {
      return slowestStageNanos.clone();
    }
  }

  /**
   * What came in.
   *
   * @param arrivalsPerSecond images per second of the stream's own time; 0 where there was none
   * @param mostArrivalsPerSecond those of the subtask that has the most
   * @param backlogAgeMs age of the oldest image waiting, in milliseconds, at least 0
   * @param offClocks partitions whose timestamps are not believed
   */
  public record Intake(
      double arrivalsPerSecond,
      double mostArrivalsPerSecond,
      long backlogAgeMs,
      List<OffClock> offClocks)
      implements Serializable {

    private static final long serialVersionUID = 1;

    public Intake {
      offClocks = List.copyOf(offClocks);
      require(backlogAgeMs >= 0, "backlog age is " + backlogAgeMs + " ms; at least 0 is needed");
      require(
          arrivalsPerSecond >= 0 && arrivalsPerSecond < Double.POSITIVE_INFINITY,
          "arrivals per second are " + arrivalsPerSecond + "; a rate of at least 0 is needed");
      require(
          mostArrivalsPerSecond >= 0 && mostArrivalsPerSecond <= arrivalsPerSecond,
          "arrivals per second of one subtask are %s of %s; a part of them is needed"
              .formatted(mostArrivalsPerSecond, arrivalsPerSecond));
    }

    /** Nothing came. */
    public static Intake nothing() {
      return new Intake(0, 0, 0, List.of());
    }

    /** What came into one subtask. */
    public static Intake ofSubtask(double arrivalsPerSecond, long backlogAgeMs) {
      return ofSubtask(arrivalsPerSecond, backlogAgeMs, List.of());
    }

    /** The same, with the clocks that are off there. */
    static Intake ofSubtask(double arrivalsPerSecond, long backlogAgeMs, List<OffClock> offClocks) {
      return new Intake(arrivalsPerSecond, arrivalsPerSecond, backlogAgeMs, offClocks);
    }

    /** The same, seen so many milliseconds later: a backlog has grown older. */
    public Intake olderBy(long ms) {
      long age = backlogAgeMs > 0 ? backlogAgeMs + ms : 0;
      return new Intake(arrivalsPerSecond, mostArrivalsPerSecond, age, offClocks);
    }

    private Intake plus(Intake other) {
      return new Intake(
          arrivalsPerSecond + other.arrivalsPerSecond,
          Math.max(mostArrivalsPerSecond, other.mostArrivalsPerSecond),
          Math.max(backlogAgeMs, other.backlogAgeMs),
          Stream.concat(offClocks.stream(), other.offClocks.stream()).toList());
    }
  }

  /**
   * The windows of several subtasks as one: counts, times and rates add up, ages, slowest times and
   * the rate of one subtask are the largest.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ExitWindow merge(List<ExitWindow> windows) {
    return windows.stream()
        .reduce(ExitWindow::plus)
        .orElseThrow(() -> new IllegalArgumentException("no window to merge; one is needed"));
  }

  private ExitWindow plus(ExitWindow other) {
    return new ExitWindow(
        Math.max(endMs, other.endMs),
        Math.max(spanMs, other.spanMs),
        subtasks + other.subtasks,
        leaving.plus(other.leaving),
        work.plus(other.work),
        intake.plus(other.intake),
        inherited + other.inherited);
  }

  /** Images that left, at each exit. */
  public ExitDistribution exits() {
    return leaving.exits();
  }

  /** Images that left. */
  public long images() {
    return exits().images();
  }

  /**
   * Images that a stage's network ran on. Those that went on may still wait for the next stage, so
   * that this is what its time was spent on, rather than what left here or later.
   *
   * @param stage 1 for the first
   */
  public long ran(int stage) {
    return stage < exits().exits()
        ? Math.round(leaving.confidences().get(stage - 1).total())
        : exits().reached(stage);
  }

  /**
   * Images that left at an exit because they were confident enough, or for an audit.
   *
   * @param exit 1 for the first
   */
  public long leftByConfidence(int exit) {
    return exits().at(exit) - leaving.forced().at(exit);
  }

  /**
   * Mean cost of an image, those that inherited among them, as a share of the full network's; NaN
   * where there was none.
   */
  public double meanCost(StageCost cost) {
    return images() == 0 && inherited > 0 ? 0 : exits().meanCost(cost) * (1 - inheritedShare());
  }

  /** Share of the images that inherited a decision; 0 where there was none. */
  public double inheritedShare() {
    return (double) inherited / Math.max(1, images() + inherited);
  }

  /** Images that left, per second. */
  public double servedPerSecond() {
    return images() * 1000.0 / spanMs;
  }

  /** Share of the subtasks' time that their threads were busy, 0..1. */
  public double utilization() {
    return Math.min(1, work.busyNanos() / (1e6 * spanMs * subtasks));
  }

  /**
   * Share of its time that the thread of the subtask with the most arrivals was busy, 0..1, where
   * the work is spread as they are.
   */
  public double mostUtilization() {
    double all = intake.arrivalsPerSecond();
    double spread = all > 0 ? subtasks * intake.mostArrivalsPerSecond() / all : 1;
    return Math.min(1, spread * utilization());
  }

  /** Share of the images that left by force; 0 where none left. */
  public double forcedShare() {
    return (double) leaving.forced().images() / Math.max(1, images());
  }

  /** Age of the oldest image waiting, in milliseconds. */
  public long backlogAgeMs() {
    return intake.backlogAgeMs();
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException("exit window: " + message);
    }
  }
}
