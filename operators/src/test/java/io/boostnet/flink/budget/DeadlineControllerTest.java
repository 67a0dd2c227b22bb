package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.exit.DeadlineExit;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlineControllerTest {

  private static final int EXITS = 4;
  private static final int IMAGES = 400;
  private static final double[] STAGE_NANOS = {3e6, 2e6, 2e6, 2e6};

  private final BudgetController controller =
      BudgetController.of(
          Budget.deadline(Duration.ofMillis(10)),
          new OptimalStopping().solve(ReferenceEvidence.validation(), ReferenceEvidence.COST));

  @Test
  void deadlines_drawnBetweenFirstAndLastStage_areMetAndUsed() {
    Random random = new Random(5);
    ControlState state = controller.start();
    int met = 0;
    int images = 0;
    int deeperThanFirst = 0;
    for (int window = 0; window < 40; window++) {
      DeadlineExit policy = DeadlineExit.of(state.reserveNanos());
      double[][] times = new double[EXITS][IMAGES];
      for (int image = 0; image < IMAGES; image++) {
        double deadline = 4e6 + random.nextDouble() * 6e6;
        double spent = 0;
        int exit = 0;
        do {
          double nanos = STAGE_NANOS[exit] * Math.exp(0.1 * random.nextGaussian());
          times[exit][image] = nanos;
          spent += nanos;
          exit++;
        } while (!policy.leaves(exit, (long) (deadline - spent)));
        if (window > 0) {
          images++;
          met += spent <= deadline ? 1 : 0;
          deeperThanFirst += exit > 1 ? 1 : 0;
        }
      }
      state = controller.step(window(250L * window, times), state).next();
    }

    assertThat((double) met / images).isGreaterThanOrEqualTo(0.99);
    assertThat((double) deeperThanFirst / images).isGreaterThan(0.6);
  }

  @Test
  void reserves_stagesSlowDown_riseAtOnceAndFallSlowly() {
    ControlState calm = controller.step(window(0, constant(1e6)), controller.start()).next();
    ControlState slow = controller.step(window(250, constant(5e6)), calm).next();
    assertThat(slow.reserveNanos()).containsOnly(5_000_000);

    ControlState state = slow;
    for (int second = 1; second <= 40; second++) {
      for (int window = 0; window < 4; window++) {
        state = controller.step(window(1000L * second + 250 * window, constant(1e6)), state).next();
      }
      if (second == 1) {
        assertThat(state.reserveNanos()[0]).isBetween(4_500_000L, 4_800_000L);
      }
    }
    assertThat(state.reserveNanos()[0]).isBetween(1_000_000L, 1_200_000L);
    assertThat(state.thresholds().version()).isGreaterThan(slow.thresholds().version());
  }

  @Test
  void stall_thatClosedAStage_isForgotten_whereProbesRunItNowAndThen() {
    ControlState calm = controller.step(window(0, constant(1e6)), controller.start()).next();
    ControlState state = controller.step(window(250, constant(300e6)), calm).next();
    double[][] firstAlone = constant(1e6);
    Arrays.fill(firstAlone, 1, EXITS, new double[IMAGES]);

    for (int window = 2; window < 242; window++) {
      boolean probed = window % 10 == 0;
      state =
          controller.step(window(250L * window, probed ? constant(1e6) : firstAlone), state).next();
    }

    assertThat(state.reserveNanos()[1]).as("after a minute").isLessThan(5_000_000);
  }

  @Test
  void step_stagesAsBefore_holds() {
    ControlState calm = controller.step(window(0, constant(1e6)), controller.start()).next();

    assertThat(controller.step(window(250, constant(1e6)), calm).changed()).isFalse();
  }

  private static double[][] constant(double nanos) {
    double[][] times = new double[EXITS][IMAGES];
    for (double[] stage : times) {
      Arrays.fill(stage, nanos);
    }
    return times;
  }

  private static ExitWindow window(long endMs, double[][] times) {
    long[] slowest = new long[EXITS];
    for (int stage = 0; stage < EXITS; stage++) {
      double[] ran = Arrays.stream(times[stage]).filter(nanos -> nanos > 0).sorted().toArray();
      slowest[stage] = ran.length == 0 ? 0 : (long) ran[(int) (0.99 * (ran.length - 1))];
    }
    return new ExitWindow(
        endMs,
        250,
        1,
        new ExitWindow.Leaving(
            ExitDistribution.of(0, 0, 0, IMAGES),
            ExitDistribution.of(0, 0, 0, 0),
            Collections.nCopies(EXITS - 1, ConfidenceHistogram.empty())),
        new ExitWindow.Work(new long[EXITS], slowest, 0),
        ExitWindow.Intake.nothing());
  }
}
