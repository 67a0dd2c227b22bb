package io.boostnet.training.train;

import ai.djl.ndarray.NDManager;
import io.boostnet.training.data.DataOptions;
import io.boostnet.training.data.DataSets.Layout;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.InputOptions;
import io.boostnet.training.data.InputOptions.Preset;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.network.Architecture;
import io.boostnet.training.network.ArchitectureOptions;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.Form;
import io.boostnet.training.network.Network;
import io.boostnet.training.torch.Learner;
import io.boostnet.training.torch.Torch;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code train}: trains a network into a run folder. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Trains an early-exit network on a labelled data set. The run folder holds the configuration, a checkpoint, the metrics of"
            + " every epoch with their curves, and in the end the weights; the same command with --resume takes up a run that was"
            + " stopped at any moment. Turn a run that is done into a bundle with export.",
    footer = {
      "",
      "Examples:",
      "  A small network on CIFAR-100, about an hour on two cores:",
      "    boostnet train cifar-100-binary.tar.gz --output runs/small --nBlocks 4 --stepmode even --step 2 \\",
      "      --base 4 --nChannels 8 --growthRate 4 --epochs 16",
      "  Traffic signs, which must not be mirrored, split by track:",
      "    boostnet train gtsrb-tracks/ --layout TRACKS --dataset OTHER --image-size 32 --no-flip \\",
      "      --output runs/signs --nBlocks 4 --stepmode even --step 2 --base 4 --nChannels 8 --growthRate 4",
      "  The paper's baseline for comparison: the same with --arch msdnet --objective JOINT; without --arch it keeps the",
      "  gradient rescaling of BoostNet, so that the objective alone differs",
      "  What it would take: --time-steps 20 in place of --output"
    })
public final class TrainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DATA",
      description = "CIFAR archive or folder, folder of class folders, or folder of tracks.")
  private Path data;

  @Option(
      names = {"-o", "--output"},
      description = "The run folder.")
  private Path output;

  @Option(
      names = "--resume",
      description = "Take up the run in the run folder; with no run in it yet, begin.")
  private boolean resume;

  @Option(
      names = "--time-steps",
      description =
          "In place of --output: time so many steps of training, say what an epoch would take, write"
              + " nothing.")
  private Integer timeSteps;

  @Mixin private ArchitectureOptions architectureOptions;
  @Mixin private InputOptions inputOptions;
  @Mixin private PlanOptions planOptions;
  @Mixin private DataOptions dataOptions;

  @Option(
      names = "--threads",
      description = "Threads of libtorch. 1 makes results repeat exactly. Default: all processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description =
          "cpu, or cuda with a CUDA build of libtorch (not verified). Default: ${DEFAULT-VALUE}.")
  private String device;

  @Option(
      names = "--checkpoint-seconds",
      defaultValue = "120",
      description = "Least seconds between checkpoints within an epoch. Default: ${DEFAULT-VALUE}.")
  private int checkpointSeconds;

  @Override
  public Integer call() throws IOException {
    if (checkpointSeconds < 0) {
      throw BadInputException.of(
          "--checkpoint-seconds is %d; it must be 0 or more.", checkpointSeconds);
    }
    requireOneAim();
    RunFolder folder = output == null ? null : new RunFolder(output);
    if (folder != null && folder.holdsRun() && !resume) {
      throw BadInputException.of(
          "%s holds a run already: take it up with --resume, or give another --output.", output);
    }
    Form form = inputOptions.preset() == Preset.IMAGENET ? Form.IMAGENET : Form.CIFAR;
    Architecture architecture = architectureOptions.architecture(form);
    DataSplits splits = dataOptions.open(data);
    if (folder != null) {
      spec.commandLine().getOut().print(splits.counts());
    }
    InputFormat input = inputOptions.format();
    Network network =
        architecture.network(
            input.resize().height(), input.resize().width(), splits.classNames().size());
    EnsembleWeights ensemble = planOptions.ensemble(network.exits().size());
    TrainingPlan plan = planOptions.plan(network.exits().size());
    plan.checkImages(splits.train().size());
    Torch.setThreads(threads);
    try (NDManager manager = Torch.open(device);
        FileChannel lock = folder == null ? null : folder.lock()) {
      if (folder != null) {
        begin(folder, record(splits, input, architecture, ensemble, plan));
      }
      try (Learner learner =
          new Learner(network, manager, plan.seed(), ensemble, plan.optimiser())) {
        if (folder != null) {
          train(folder, plan, learner, splits, input);
        } else {
          time(plan, learner, new ImageBatches(splits.train(), input));
        }
      }
    }
    return 0;
  }

  private void requireOneAim() {
    if (timeSteps == null) {
      if (output == null) {
        throw BadInputException.of(
            "There is no --output; give the run folder, or --time-steps to time training alone.");
      }
      return;
    }
    if (timeSteps < 1) {
      throw BadInputException.of("--time-steps is %d; it must be 1 or more.", timeSteps);
    }
    if (output != null || resume) {
      throw BadInputException.of(
          "--time-steps is %d, which writes nothing; leave %s out.",
          timeSteps, output != null ? "--output" : "--resume");
    }
  }

  private RunRecord record(
      DataSplits splits,
      InputFormat input,
      Architecture architecture,
      EnsembleWeights ensemble,
      TrainingPlan plan) {
    return new RunRecord(
        splits.name(),
        splits.sha256(),
        splits.classNames(),
        input,
        architecture,
        ensemble,
        plan.seed(),
        plan.epochs(),
        options(),
        Map.of("java", Runtime.version().toString(), "libtorch", Torch.version()));
  }

  /** Writes the record of a new run; of one that is taken up, checks that it is the same run. */
  private void begin(RunFolder folder, RunRecord record) {
    if (!folder.holdsRun()) {
      folder.write(record);
      return;
    }
    String difference = folder.record().differenceTo(record);
    if (difference != null) {
      throw BadInputException.of(
          "The run in %s was begun with %s: give the same, or another --output.",
          output, difference);
    }
  }

  private void train(
      RunFolder folder, TrainingPlan plan, Learner learner, DataSplits splits, InputFormat input) {
    Progress progress = folder.restore(learner);
    ImageBatches training = new ImageBatches(splits.train(), input);
    ImageBatches validation = new ImageBatches(splits.validation(), input);
    long images = plan.imagesOf(training.images());
    long done = plan.imagesDone(training.images(), progress);
    try (RunDisplay display =
        new RunDisplay(
            spec.commandLine().getOut(), plan.epochs(), images, done, System.console() != null)) {
      new Trainer(plan, folder, learner, training, validation, checkpointSeconds, display)
          .run(progress);
    }
    spec.commandLine()
        .getOut()
        .printf("done; next: boostnet export %s --data %s --output <bundle>%n", output, data);
    spec.commandLine().getOut().flush();
  }

  private void time(TrainingPlan plan, Learner learner, ImageBatches training) {
    double perSecond = new StepTimer(plan, learner, training).imagesPerSecond(timeSteps);
    spec.commandLine()
        .getOut()
        .printf(
            "%.0f images/s on %d threads (median of %d steps of %d images); an epoch of %,d images takes %.1f minutes, and then its validation%n",
            perSecond,
            threads,
            timeSteps,
            plan.batchSize(),
            training.images(),
            training.images() / perSecond / 60);
    spec.commandLine().getOut().flush();
  }

  private Map<String, String> options() {
    Map<String, String> options = new TreeMap<>(planOptions.record());
    if (dataOptions.layout() != Layout.AUTO) {
      options.put("layout", dataOptions.layout().name());
    }
    options.put("split-seed", String.valueOf(dataOptions.plan().seed()));
    options.put("validation-share", String.valueOf(dataOptions.plan().validationShare()));
    options.put("test-share", String.valueOf(dataOptions.plan().testShare()));
    return options;
  }
}
