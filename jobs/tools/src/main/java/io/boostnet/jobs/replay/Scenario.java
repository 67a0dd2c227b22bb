package io.boostnet.jobs.replay;

import io.boostnet.flink.budget.replay.Drift;
import io.boostnet.flink.budget.replay.Load;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.jobs.load.ClassMix;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What happens to a stream in a replay. Rates are shares of the capacity: of the images per second
 * that the subtasks can run at some mean cost. Between two times lies the scenario's event.
 */
enum Scenario {
  STEADY(60, 0, 60, "70 % of capacity"),
  STEP(60, 20, 60, "60 % of capacity, twice that from 20 s on"),
  /**
   * Burst profile of Crayfish (Horchidan et al., "Crayfish: Navigating the Labyrinth of Machine
   * Learning Inference in Stream Processing Systems", EDBT 2024).
   */
  BURST(180, 120, 150, "70 % of capacity for 120 s, 110 % for 30 s, 70 % for 30 s"),
  OVERLOAD(80, 20, 50, "70 % of capacity, 200 % from 20 s to 50 s"),
  DIURNAL(120, 30, 90, "15 % of capacity to 135 % and back in 120 s"),
  DRIFT_DIFFICULTY(60, 30, 60, "70 % of capacity, %s from 30 s on"),
  CLASS_MIX(60, 30, 60, "70 % of capacity, %s from 30 s on"),
  CORRUPTION(60, 30, 60, "70 % of capacity, the drift evidence from 30 s on"),
  SLOW(80, 20, 80, "160 % of capacity, 10 images a second from 20 s on"),
  CLOCK_SLOW(
      60, 20, 50, "70 % of capacity, 200 % from 20 s to 50 s, at clocks that go at a quarter"),
  CLOCK_BEHIND(
      60, 20, 50, "70 % of capacity, 200 % from 20 s to 50 s, at one clock an hour behind"),
  UNLIKE(60, 0, 60, "70 % of capacity, easy classes to one subtask and hard ones to the next");

  private static final double HOUR_MS = 3_600_000;

  private static final double USUAL = 0.7;

  private final double seconds;
  private final double from;
  private final double until;
  private final String description;

  Scenario(double seconds, double from, double until, String description) {
    this.seconds = seconds;
    this.from = from;
    this.until = until;
    this.description = description;
  }

  /**
   * How images drift, where they do.
   *
   * @param power power of the confidences
   * @param classes mix of the classes; null for the half of them that the first exit is least often
   *     right about
   */
  record Drifts(double power, ClassMix classes) {}

  /** How long it takes, in seconds. */
  double seconds() {
    return seconds;
  }

  /** When its event begins, in seconds since the start. */
  double from() {
    return from;
  }

  /** When its event ends. */
  double until() {
    return until;
  }

  /** Whether it needs evidence of corrupted frames. */
  boolean needsDriftEvidence() {
    return this == CORRUPTION;
  }

  /** What happens, in words. */
  String description(Drifts drifts) {
    String mix =
        drifts.classes() == null
            ? "the half of the classes that the first exit finds hardest"
            : "classes weighted " + drifts.classes();
    return description.replace(
        "%s", this == CLASS_MIX ? mix : "confidences to the power " + drifts.power());
  }

  /** Whether its event is another rate that lasts. */
  boolean stepsInRate() {
    return switch (this) {
      case STEP, BURST, OVERLOAD, CLOCK_SLOW, CLOCK_BEHIND -> true;
      default -> false;
    };
  }

  /**
   * What arrives.
   *
   * @param capacity images per second that count as 100 %
   * @throws IllegalArgumentException where the drift does not fit the evidence
   */
  Load load(double capacity, ReplayInput input, Drifts drifts) {
    Evidence test = input.test();
    Load usual = Load.steady(USUAL * capacity, test);
    return switch (this) {
      case STEADY -> usual;
      case STEP -> Load.steady(0.6 * capacity, test).withBurst(2, from, until);
      case BURST -> usual.withBurst(1.1 / USUAL, from, until);
      case OVERLOAD -> usual.withBurst(2 / USUAL, from, until);
      case DIURNAL -> Load.steady(0.75 * capacity, test).withTide(0.8, seconds);
      case DRIFT_DIFFICULTY -> usual.withDrift(Drift.inDifficulty(test, drifts.power()), from);
      case CLASS_MIX -> {
        ClassMix mix = drifts.classes() == null ? hardest(test) : drifts.classes();
        yield usual.withDrift(Drift.inClasses(test, mix::weight), from);
      }
      case CORRUPTION -> usual.withDrift(input.corrupted(), from);
      case SLOW -> usual.atRate(seconds -> seconds < from ? 1.6 * capacity : 10);
      case CLOCK_SLOW ->
          usual.withBurst(2 / USUAL, from, until).stamped((subtask, atMs) -> atMs / 4);
      case CLOCK_BEHIND ->
          usual
              .withBurst(2 / USUAL, from, until)
              .stamped((subtask, atMs) -> subtask == 0 ? atMs - HOUR_MS : atMs);
      case UNLIKE -> {
        ClassMix hard = hardest(test);
        Evidence hardHalf = Drift.inClasses(test, hard::weight);
        Evidence easyHalf = Drift.inClasses(test, label -> 1 - hard.weight(label));
        yield usual.unlike((all, subtask) -> subtask % 2 == 0 ? easyHalf : hardHalf);
      }
    };
  }

  private static ClassMix hardest(Evidence test) {
    Map<Integer, int[]> rightAndAll = new TreeMap<>();
    for (int image = 0; image < test.images(); image++) {
      int[] counts = rightAndAll.computeIfAbsent(test.label(image), label -> new int[2]);
      counts[0] += test.correct(1, image) ? 1 : 0;
      counts[1]++;
    }
    List<Map.Entry<Integer, int[]>> hardestFirst =
        rightAndAll.entrySet().stream()
            .sorted(
                Comparator.comparingDouble(
                    entry -> (double) entry.getValue()[0] / entry.getValue()[1]))
            .toList();
    return ClassMix.only(
        hardestFirst.subList(0, (hardestFirst.size() + 1) / 2).stream()
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet()));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
