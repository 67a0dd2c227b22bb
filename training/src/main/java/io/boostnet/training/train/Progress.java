package io.boostnet.training.train;

import io.boostnet.training.torch.Learner;
import java.util.Arrays;

/**
 * Where a run is.
 *
 * @param epoch whole epochs done
 * @param step steps done of the epoch that is running
 * @param lossSums per exit, losses of this epoch's steps added up
 * @param correct per exit, images of this epoch that were classified right while training
 */
record Progress(int epoch, int step, double[] lossSums, long[] correct) {

  static Progress start(int exits) {
    return new Progress(0, 0, new double[exits], new long[exits]);
  }

  Progress nextEpoch() {
    return new Progress(epoch + 1, 0, new double[lossSums.length], new long[correct.length]);
  }

  Progress after(Learner.Outcome outcome) {
    double[] losses = Arrays.copyOf(lossSums, lossSums.length);
    long[] right = Arrays.copyOf(correct, correct.length);
    for (int k = 0; k < losses.length; k++) {
      losses[k] += outcome.losses()[k];
      right[k] += outcome.correct()[k];
    }
    return new Progress(epoch, step + 1, losses, right);
  }
}
