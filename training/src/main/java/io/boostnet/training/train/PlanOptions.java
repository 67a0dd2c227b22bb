package io.boostnet.training.train;

import io.boostnet.training.input.BadInputException;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.torch.Sgd;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
      description =
          "BOOSTED: weight of the ensemble before each exit: one number, first and last, or one per exit, with commas."
              + " Default: 0.5.")
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
          "Learning rate: ${COMPLETION-CANDIDATES}. The paper's: MULTISTEP --epochs 300 --lr 0.1 --no-nesterov"
              + " --weight-decay 1e-4. Default: ${DEFAULT-VALUE}.")
  private Shape shape;

  @Option(
      names = "--lr",
      defaultValue = "0.2",
      description = "Highest learning rate. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--lr_milestones",
      description =
          "MULTISTEP: epochs at which the rate falls. Default: half and three quarters of all.")
  private String milestones;

  @Option(names = "--lr-decay", description = "MULTISTEP: factor of each fall. Default: 0.1.")
  private Double decay;

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
    if (objective == Objective.JOINT) {
      refuse("--ensemble_reweight", ensembleReweight, "--objective BOOSTED");
      return EnsembleWeights.none(exits);
    }
    return EnsembleWeights.parse(reweight(), exits);
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
      options.put("ensemble_reweight", reweight());
    }
    if (shape == Shape.MULTISTEP) {
      options.put(
          "lr_milestones",
          milestones().stream().map(String::valueOf).collect(Collectors.joining(",")));
      options.put("lr-decay", String.valueOf(decay()));
    }
    return options;
  }

  private Schedule schedule() {
    if (shape != Shape.MULTISTEP) {
      refuse("--lr_milestones", milestones, "--schedule MULTISTEP");
      refuse("--lr-decay", decay, "--schedule MULTISTEP");
    }
    return switch (shape) {
      case ONE_CYCLE -> new Schedule.OneCycle(rate);
      case COSINE -> new Schedule.Cosine(rate);
      case MULTISTEP -> new Schedule.MultiStep(rate, decay(), milestones(), epochs);
    };
  }

  private static void refuse(String option, Object value, String needed) {
    if (value != null) {
      throw BadInputException.of("%s is %s, but it counts only with %s.", option, value, needed);
    }
  }

  private String reweight() {
    return ensembleReweight == null ? "0.5" : ensembleReweight;
  }

  private double decay() {
    return decay == null ? 0.1 : decay;
  }

  private List<Integer> milestones() {
    if (milestones == null) {
      return Stream.of(epochs / 2, epochs * 3 / 4).filter(epoch -> epoch > 0).distinct().toList();
    }
    try {
      return Arrays.stream(milestones.split(",")).map(String::trim).map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "lr_milestones is \"" + milestones + "\"; it must be epochs with commas between", e);
    }
  }
}
