package io.boostnet.training.train;

import io.boostnet.training.torch.Learner;
import java.util.Arrays;

/** Times steps of training, with everything that belongs to one; what was learned is dropped. */
final class StepTimer {

  private static final int WARM_UP = 3;

  private final TrainingPlan plan;
  private final Learner learner;
  private final ImageBatches training;

  /**
   * A timer.
   *
   * @param training images to learn from, one batch at least
   */
  StepTimer(TrainingPlan plan, Learner learner, ImageBatches training) {
    this.plan = plan;
    this.learner = learner;
    this.training = training;
  }

  /** Images per second of the median step of so many, after a few that do not count. */
  double imagesPerSecond(int steps) {
    int size = plan.batchSize();
    float[] pixels = new float[size * Math.toIntExact(learner.network().network().input().size())];
    long[] labels = new long[size];
    int[] order = training.order(plan.seed(), 0);
    int batches = plan.stepsPerEpoch(training.images());
    long[] nanos = new long[WARM_UP + steps];
    for (int step = 0; step < nanos.length; step++) {
      long start = System.nanoTime();
      training.fill(
          order, step % batches * size, plan.seed(), 0, plan.augmentation(), pixels, labels);
      learner.learn(pixels, labels, plan.schedule().rate(step, nanos.length));
      nanos[step] = System.nanoTime() - start;
    }
    long[] counted = Arrays.copyOfRange(nanos, WARM_UP, nanos.length);
    Arrays.sort(counted);
    return size * 1e9 / counted[steps / 2];
  }
}
