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
  void reserves_areWhatTheSlowFramesTook_andWhatIsNotKnownStays() {
    ControlState calm = controller.step(window(0, constant(1e6)), controller.start()).next();
    ControlState slow = controller.step(window(250, constant(5e6)), calm).next();
    double[][] firstAlone = constant(2e6);
    Arrays.fill(firstAlone, 1, EXITS, new double[IMAGES]);
    ControlState closed = controller.step(window(500, firstAlone), slow).next();

    assertThat(slow.reserveNanos()).containsOnly(5_000_000);
    assertThat(closed.reserveNanos()).containsExactly(2_000_000, 5_000_000, 5_000_000, 5_000_000);
    assertThat(closed.thresholds().version()).isGreaterThan(slow.thresholds().version());
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
