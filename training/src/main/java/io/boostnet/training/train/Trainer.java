package io.boostnet.training.train;

import io.boostnet.training.input.BadInputException;
import io.boostnet.training.torch.Learner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Trains a network to the end of its plan, from wherever the run folder says it is.
 *
 * <p>What a step does depends on the plan, the position and the saved state alone. On one thread of
 * libtorch, a run that was killed and taken up gives the same numbers as one that was not.
 */
public final class Trainer {

  private static final int MEASURE_BATCH = 128;

  private final TrainingPlan plan;
  private final RunFolder folder;
  private final Learner learner;
  private final ImageBatches training;
  private final ImageBatches validation;
  private final long checkpointNanos;
  private final Listener listener;

  /** Hears how the run goes, on the thread that trains. */
  public interface Listener {
    /**
     * A step is done.
     *
     * @param epoch from 1
     * @param images images of the whole run so far
     * @param outcome of the step
     */
    void stepped(int epoch, long images, Learner.Outcome outcome);

    /** An epoch is done and its metrics are in the folder. */
    void finished(EpochMetrics metrics);
  }

  /**
   * @param training images to learn from, one batch at least, see {@link TrainingPlan#checkImages}
   * @param validation images to measure on after every epoch; may be empty
   * @param checkpointSeconds least time between checkpoints within an epoch
   */
  Trainer(
      TrainingPlan plan,
      RunFolder folder,
      Learner learner,
      ImageBatches training,
      ImageBatches validation,
      int checkpointSeconds,
      Listener listener) {
    this.plan = plan;
    this.folder = folder;
    this.learner = learner;
    this.training = training;
    this.validation = validation;
    this.checkpointNanos = checkpointSeconds * 1_000_000_000L;
    this.listener = listener;
  }

  /** Trains what is left and writes the weights. */
  void run(Progress from) {
    folder.keepMetrics(from.epoch());
    Progress progress = from;
    while (progress.epoch() < plan.epochs()) {
      progress = epoch(progress);
    }
    folder.writeWeights(learner.network().weights());
  }

  private Progress epoch(Progress from) {
    Progress progress = from;
    int epoch = progress.epoch();
    int[] order = training.order(plan.seed(), epoch);
    int steps = stepsPerEpoch();
    float[] pixels = new float[plan.batchSize() * pixelsPerImage()];
    long[] labels = new long[plan.batchSize()];
    long busy = 0;
    long saved = System.nanoTime();
    while (progress.step() < steps) {
      long start = System.nanoTime();
      training.fill(
          order,
          progress.step() * plan.batchSize(),
          plan.seed(),
          epoch,
          plan.augmentation(),
          pixels,
          labels);
      Learner.Outcome outcome = learner.learn(pixels, labels, rate(progress));
      if (!Arrays.stream(outcome.losses()).allMatch(Double::isFinite)) {
        throw notFinite(progress);
      }
      progress = progress.after(outcome);
      long end = System.nanoTime();
      busy += end - start;
      listener.stepped(epoch + 1, plan.imagesDone(training.images(), progress), outcome);
      if (end - saved > checkpointNanos) {
        folder.save(learner, progress);
        saved = System.nanoTime();
      }
    }
    int timed = (steps - from.step()) * plan.batchSize();
    EpochMetrics metrics = metrics(progress, busy == 0 ? 0 : timed * 1e9 / busy);
    folder.append(metrics);
    progress = progress.nextEpoch();
    folder.save(learner, progress);
    draw();
    listener.finished(metrics);
    return progress;
  }

  /** A run without a checkpoint is taken away again; one with some is as it was at the last. */
  private BadInputException notFinite(Progress progress) {
    String left =
        folder.discardWithoutCheckpoint()
            ? "The run folder was taken away again."
            : "The run folder holds its last checkpoint, for export --unfinished.";
    if (progress.epoch() == 0 && progress.step() == 0) {
      return BadInputException.of(
          "The loss is not finite at the very first step, where no learning rate is to blame: look for images, --mean or --std that are"
              + " not of this data, or for a machine that computes wrongly. %s",
          left);
    }
    return BadInputException.of(
        "The loss is no longer finite at step %d of epoch %d, mostly for too large steps: begin anew with a lower --lr%s. %s",
        progress.step() + 1,
        progress.epoch() + 1,
        folder.holdsRun() ? " and another --output" : "",
        left);
  }

  private double rate(Progress progress) {
    long steps = stepsPerEpoch();
    return plan.schedule().rate(progress.epoch() * steps + progress.step(), plan.epochs() * steps);
  }

  private EpochMetrics metrics(Progress progress, double imagesPerSecond) {
    int exits = progress.lossSums().length;
    double images = (double) stepsPerEpoch() * plan.batchSize();
    List<Double> trainLoss = new ArrayList<>();
    List<Double> trainAccuracy = new ArrayList<>();
    for (int k = 0; k < exits; k++) {
      trainLoss.add(progress.lossSums()[k] / stepsPerEpoch());
      trainAccuracy.add(progress.correct()[k] / images);
    }
    double[] losses = new double[exits];
    double[] correct = new double[exits];
    for (int first = 0; first < validation.images(); first += MEASURE_BATCH) {
      int count = Math.min(MEASURE_BATCH, validation.images() - first);
      float[] pixels = new float[count * pixelsPerImage()];
      long[] labels = new long[count];
      validation.fill(first, pixels, labels);
      Learner.Outcome outcome = learner.measure(pixels, labels);
      for (int k = 0; k < exits; k++) {
        losses[k] += outcome.losses()[k] * count / validation.images();
        correct[k] += (double) outcome.correct()[k] / validation.images();
      }
    }
    boolean validated = validation.images() > 0;
    Progress last =
        new Progress(
            progress.epoch(), progress.step() - 1, progress.lossSums(), progress.correct());
    return new EpochMetrics(
        progress.epoch() + 1,
        rate(last),
        trainLoss,
        trainAccuracy,
        validated ? Arrays.stream(losses).boxed().toList() : List.of(),
        validated ? Arrays.stream(correct).boxed().toList() : List.of(),
        imagesPerSecond);
  }

  private void draw() {
    try {
      Curves.draw(folder.metrics(), folder.curvesFile());
    } catch (IOException e) {
      throw new UncheckedIOException("drawing " + folder.curvesFile(), e);
    }
  }

  private int stepsPerEpoch() {
    return plan.stepsPerEpoch(training.images());
  }

  private int pixelsPerImage() {
    return Math.toIntExact(learner.network().network().input().size());
  }
}
