package io.boostnet.training.train;

import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.torch.Sgd;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The options that say how a network is trained. */
final class PlanOptions {

  /** What is minimised. */
  enum Objective {
    BOOSTED,
    JOINT
  }

  /** Shapes of the learning rate. */
  enum Shape {
    ONE_CYCLE,
    COSINE,
    MULTISTEP
  }

  @Option(
      names = "--objective",
      defaultValue = "BOOSTED",
      description =
          "BOOSTED: each exit learns what the ensemble before it got wrong. JOINT: every exit on its own, the MSDNet and RANet"
              + " baseline. Default: ${DEFAULT-VALUE}.")
  private Objective objective;

  @Option(
      names = "--ensemble_reweight",
      defaultValue = "0.5",
      description =
          "BOOSTED: weight of the ensemble before each exit: one number, first and last, or one per exit, with commas."
              + " Default: ${DEFAULT-VALUE}.")
  private String ensembleReweight;

  @Option(
      names = "--epochs",
      defaultValue = "30",
      description = "Passes over the images. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--batch-size",
      defaultValue = "128",
      description = "Images per step. Default: ${DEFAULT-VALUE}.")
  private int batchSize;

  @Option(
      names = "--schedule",
      defaultValue = "ONE_CYCLE",
      description =
          "Learning rate: ${COMPLETION-CANDIDATES}. MULTISTEP with 300 epochs is the paper's. Default: ${DEFAULT-VALUE}.")
  private Shape shape;

  @Option(
      names = "--lr",
      defaultValue = "0.2",
      description = "Highest learning rate. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--lr_milestones",
      defaultValue = "150,225",
      description = "MULTISTEP: epochs at which the rate falls. Default: ${DEFAULT-VALUE}.")
  private String milestones;

  @Option(
      names = "--lr-decay",
      defaultValue = "0.1",
      description = "MULTISTEP: factor of each fall. Default: ${DEFAULT-VALUE}.")
  private double decay;

  @Option(
      names = "--momentum",
      defaultValue = "0.9",
      description = "Momentum of SGD. Default: ${DEFAULT-VALUE}.")
  private double momentum;

  @Option(
      names = "--nesterov",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether a step looks ahead along the momentum. Default: it does.")
  private boolean nesterov;

  @Option(
      names = "--weight-decay",
      defaultValue = "5e-4",
      description =
          "One number, or the first exit's and the last's with a comma between. Default: ${DEFAULT-VALUE}.")
  private String weightDecay;

  @Option(
      names = "--crop-padding",
      defaultValue = "4",
      description =
          "Random crops: pixels of black border around an image. 0 for none. Default: ${DEFAULT-VALUE}.")
  private int border;

  @Option(
      names = "--flip",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Whether half of the images are mirrored left to right; not for signs or letters. Default: they are.")
  private boolean flip;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description =
          "Seed of the first weights, the order and the augmentation. Default: ${DEFAULT-VALUE}.")
  private long seed;

  /** How much of the ensemble counts at each exit. */
  EnsembleWeights ensemble(int exits) {
    return objective == Objective.JOINT
        ? EnsembleWeights.none(exits)
        : EnsembleWeights.parse(ensembleReweight, exits);
  }

  /** The plan that these options describe. */
  TrainingPlan plan(int exits) {
    return new TrainingPlan(
        epochs,
        batchSize,
        schedule(),
        new Sgd.Settings(momentum, nesterov, TrainingPlan.weightDecay(weightDecay, exits)),
        new Augmentation(border, flip),
        seed);
  }

  /** Every option that changes the result. */
  Map<String, String> record() {
    Map<String, String> options = new TreeMap<>();
    options.put("objective", objective.name().toLowerCase(Locale.ROOT));
    options.put("epochs", String.valueOf(epochs));
    options.put("batch-size", String.valueOf(batchSize));
    options.put("schedule", shape.name().toLowerCase(Locale.ROOT));
    options.put("lr", String.valueOf(rate));
    options.put("momentum", String.valueOf(momentum));
    options.put("nesterov", String.valueOf(nesterov));
    options.put("weight-decay", weightDecay);
    options.put("crop-padding", String.valueOf(border));
    options.put("flip", String.valueOf(flip));
    options.put("seed", String.valueOf(seed));
    if (objective == Objective.BOOSTED) {
      options.put("ensemble_reweight", ensembleReweight);
    }
    if (shape == Shape.MULTISTEP) {
      options.put("lr_milestones", milestones);
      options.put("lr-decay", String.valueOf(decay));
    }
    return options;
  }

  private Schedule schedule() {
    return switch (shape) {
      case ONE_CYCLE -> new Schedule.OneCycle(rate);
      case COSINE -> new Schedule.Cosine(rate);
      case MULTISTEP -> new Schedule.MultiStep(rate, decay, epochList(), epochs);
    };
  }

  private List<Integer> epochList() {
    try {
      return Arrays.stream(milestones.split(",")).map(String::trim).map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "lr_milestones is \"" + milestones + "\"; it must be epochs with commas between", e);
    }
  }
}
