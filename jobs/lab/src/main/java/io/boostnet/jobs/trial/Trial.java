package io.boostnet.jobs.trial;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.StageCost;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.evaluate.OfflineCascade;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.load.Corruption;
import io.boostnet.jobs.load.Corruptor;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile;
import io.boostnet.jobs.run.JobRun;
import io.boostnet.jobs.run.RunReport;
import io.boostnet.jobs.serve.InferenceConfig;
import io.boostnet.jobs.serve.Inferences;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * A setting in which the Kafka job is tried: one bundle, one frame file, a number of subtasks.
 * Every run has a broker and a job of its own.
 *
 * @param location where the bundle is
 * @param bundle the bundle
 * @param frames the frame file
 * @param parallelism subtasks, and partitions of the topics
 * @param console receives lines for a person who watches
 */
record Trial(
    String location, ModelBundle bundle, Path frames, int parallelism, Consumer<String> console) {

  /** Seed of everything that is drawn. */
  static final long SEED = 1;

  private static final int CHECKPOINT_MS = 2000;

  /** An offer over what bare threads compute image by image, or over the offer before. */
  private static final double MORE = 1.3;

  /** A job that decides more of what it is offered keeps up with it, and may be able to do more. */
  private static final double KEEPS_UP = 0.9;

  /** What a run came to. */
  record Run(RunReport report, Recording recording) {}

  StageCost cost() {
    return bundle.cascade().cost(CostUnit.TIME);
  }

  /**
   * Refuses a budget that the network cannot keep.
   *
   * @throws ConfigException where it is one
   */
  void requireUsable(Budget budget) {
    try {
      EarlyExitInference.fromBundle(location).withBudget(budget).verify();
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The trial cannot run: " + e.getMessage() + ".", e);
    }
  }

  /** Runs the job with a budget. */
  Run run(Budget budget, LoadPlan plan) throws Exception {
    console.accept("-- budget " + budget.words());
    return run(InferenceConfig.DEFAULT.withBudget(budget), plan);
  }

  /** Runs the job with thresholds that never change. */
  Run run(Thresholds thresholds, LoadPlan plan) throws Exception {
    console.accept("-- constant thresholds " + Arrays.toString(thresholds.toArray()));
    return run(InferenceConfig.DEFAULT.withThresholds(thresholds.toArray()), plan);
  }

  /** Runs the job. */
  Run run(InferenceConfig inference, LoadPlan plan) throws Exception {
    Recording recording = new Recording();
    try (JobRun demo = new JobRun(console).watching(recording::add, recording::add)) {
      ServeConfig config =
          JobRun.config(location, demo.bootstrapServers(), inference, parallelism, CHECKPOINT_MS);
      return new Run(demo.run(config, Inferences.of(config), plan), recording);
    }
  }

  /** The exit code that such runs end a trial with: 0 where every frame has one outcome, else 1. */
  int exitCode(Collection<Run> runs) {
    long missing = runs.stream().mapToLong(run -> run.report().missing()).sum();
    long doubled = runs.stream().mapToLong(run -> run.report().doubled()).sum();
    if (missing == 0 && doubled == 0) {
      return 0;
    }
    console.accept("FAILED: missing %d, doubled %d".formatted(missing, doubled));
    return 1;
  }

  /** A load without bad records. */
  LoadPlan plan(LoadProfile profile, double seconds) {
    return LoadPlan.lasting(seconds, frames, TopicConfig.DEFAULT.frames(), profile, 0);
  }

  /**
   * Frames per second that the job can do, Kafka to Kafka, if no frame leaves early: what it
   * decides per second while it is offered more than it does, but not much more, since generator
   * and broker share its cores.
   */
  double fullNetworkCapacity(double seconds) throws Exception {
    console.accept("measuring the capacity of the job without early exit");
    return saturated(MORE * bareCapacity(), offered -> decidedWithoutEarlyExit(offered, seconds));
  }

  /** What a job does at a rate. */
  interface RateOfJob {
    /**
     * @param offered frames per second
     * @return frames decided per second
     */
    double decided(double offered) throws Exception;
  }

  /**
   * What a job does that has more to do than it can. Where it keeps up with an offer, which would
   * be taken for its capacity, it is offered more.
   *
   * @param firstOffer frames per second
   * @return frames decided per second
   */
  static double saturated(double firstOffer, RateOfJob job) throws Exception {
    double offered = firstOffer;
    double decided = job.decided(offered);
    while (decided > KEEPS_UP * offered) {
      offered *= MORE;
      decided = job.decided(offered);
    }
    return decided;
  }

  private double decidedWithoutEarlyExit(double offered, double seconds) throws Exception {
    LoadPlan plan = plan(new LoadProfile.Steady(offered), seconds);
    Recording recording = run(Thresholds.neverExit(1, bundle.cascade().exits()), plan).recording();
    // Without the start, in which a job gets faster, and before the end runs dry.
    List<Recording.Decided> frames = recording.frames();
    double from = seconds / 2;
    double until = seconds;
    long decided = frames.stream().filter(f -> f.decided() >= from && f.decided() < until).count();
    return decided / (until - from);
  }

  /** Frames per second that as many bare threads compute, if no frame leaves early. */
  double bareCapacity() throws Exception {
    return parallelism * OfflineCascade.framesPerSecond(bundle, Device.AUTO, read(200));
  }

  /** What every exit says of the frames of the file. */
  Evidence evidence() throws Exception {
    return OfflineCascade.evidence(bundle, Device.AUTO, read(Integer.MAX_VALUE));
  }

  /** What every exit says of the frames of the file, and of the same frames corrupted. */
  Evidence evidenceWith(Corruption corruption) throws Exception {
    Evidence.Builder evidence = Evidence.builder(bundle.cascade().exits());
    List<ImageFrame> all = read(Integer.MAX_VALUE);
    OfflineCascade.judge(bundle, Device.AUTO, all, evidence);
    try (Corruptor corruptor = new Corruptor(corruption, SEED)) {
      all.forEach(corruptor::corrupt);
    }
    OfflineCascade.judge(bundle, Device.AUTO, all, evidence);
    return evidence.build();
  }

  private List<ImageFrame> read(int most) {
    List<ImageFrame> read = new ArrayList<>();
    try (FrameFile file = FrameFile.open(frames)) {
      while (file.hasNext() && read.size() < most) {
        read.add(file.next());
      }
    }
    return read;
  }
}
