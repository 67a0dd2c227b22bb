package io.boostnet.training.bundle;

import io.boostnet.schema.Provenance;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.data.DataOptions;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.InputOptions;
import io.boostnet.training.data.InputOptions.Preset;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.input.Sha256;
import io.boostnet.training.network.Architecture;
import io.boostnet.training.network.ArchitectureOptions;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.Form;
import io.boostnet.training.network.Network;
import io.boostnet.training.torch.TorchNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code import}: turns a checkpoint of the official PyTorch code into a model bundle. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Turns a PyTorch checkpoint (.pth of torch.save, or safetensors) of the official BoostNet, MSDNet or RANet code into a model"
            + " bundle. The network's arguments are spelled as the official scripts spell them. Nothing in the checkpoint is run:"
            + " it is read as tensors, and anything else in it is refused.",
    footer = {
      "",
      "Example: a network trained by the official script, with the evidence that thresholds are solved from:",
      "  boostnet import --checkpoint model_best.pth --arch msdnet_ge --dataset cifar100 \\",
      "    --nBlocks 6 --stepmode even --step 2 --base 4 --nChannels 16 --ensemble_reweight 0.5 \\",
      "    --data cifar-100-binary.tar.gz --output bundles/cifar100"
    })
public final class ImportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Weights weights;

  @Mixin private ArchitectureOptions architectureOptions;

  @Option(
      names = "--ensemble_reweight",
      defaultValue = "1.0",
      description =
          "Weight of the ensemble before each exit: one number, first and last, or one per exit, with commas. 0 for a network whose"
              + " exits do not add up (MSDNet, RANet). Default: ${DEFAULT-VALUE}.")
  private String ensembleReweight;

  @Mixin private InputOptions inputOptions;

  @Option(
      names = "--classes",
      description = "Number of classes. Default: of --dataset, of the labels file or of the data.")
  private Integer classes;

  @Mixin private BundleOptions bundleOptions;

  @Option(
      names = "--data",
      description =
          "Data set for the evidence and the evaluation; without it the bundle has neither.")
  private Path data;

  @Option(
      names = "--calibration",
      description =
          "Images of --data for the evidence: ${COMPLETION-CANDIDATES}. They must not have been trained on. TEST_HALF takes half of"
              + " the test images, in whole tracks where there are tracks, and evaluates on the other half; VALIDATION is for a network that this project's train made."
              + " Default: TEST_HALF.")
  private CalibrationImages calibration;

  @Mixin private DataOptions dataOptions;

  /** Where the weights come from. */
  static final class Weights {

    @Option(
        names = "--checkpoint",
        required = true,
        description = "The checkpoint: .pth or .safetensors.")
    private Path checkpoint;

    @Option(
        names = "--random-weights",
        paramLabel = "SEED",
        required = true,
        description =
            "No checkpoint: weights drawn at random, for a bundle to measure the speed of a network with.")
    private Long seed;

    NamedTensors of(Network network) {
      if (checkpoint != null) {
        return NamedTensors.read(checkpoint)
            .matching(network.parameters(), network.batchCounters());
      }
      return TorchNetwork.drawWeights(network, seed);
    }

    Provenance provenance(String dataSet, EnsembleWeights ensemble) {
      Provenance.Builder provenance =
          Provenances.beginCompared(
              checkpoint == null ? "random weights" : "imported from " + checkpoint.getFileName());
      if (checkpoint == null) {
        return provenance
            .setSeed(seed)
            .setConfiguration(Map.of("ensemble_reweight", ensemble.toString()))
            .build();
      }
      return provenance
          .setDataSet(dataSet)
          .setConfiguration(
              Map.of(
                  "ensemble_reweight",
                  ensemble.toString(),
                  "checkpoint_sha256",
                  Sha256.ofFiles(List.of(checkpoint))))
          .build();
    }
  }

  /** Where the calibration images come from. */
  enum CalibrationImages {
    VALIDATION,
    TEST_HALF
  }

  @Override
  public Integer call() throws IOException {
    Optional<DataSplits> splits = openData();
    List<String> labels = labels(splits);
    InputFormat input = inputOptions.format();
    Form form = inputOptions.preset() == Preset.IMAGENET ? Form.IMAGENET : Form.CIFAR;
    Architecture architecture = architectureOptions.architecture(form);
    Network network =
        architecture.network(input.resize().height(), input.resize().width(), labels.size());
    EnsembleWeights ensemble = EnsembleWeights.parse(ensembleReweight, network.exits().size());
    BundleContent content =
        new BundleContent(
            bundleOptions.name(),
            bundleOptions.version,
            architecture,
            network,
            weights.of(network),
            ensemble,
            labels,
            input,
            bundleOptions.storage(),
            weights.provenance(inputOptions.preset().name().toLowerCase(Locale.ROOT), ensemble));
    bundleOptions.write(content, splits, spec.commandLine().getOut());
    return 0;
  }

  private Optional<DataSplits> openData() {
    if (data == null) {
      if (calibration != null) {
        throw BadInputException.of(
            "--calibration is %s, but there are no images: give --data with it.", calibration);
      }
      return Optional.empty();
    }
    DataSplits splits = dataOptions.open(data);
    spec.commandLine().getOut().print(splits.counts());
    return Optional.of(
        calibration == CalibrationImages.VALIDATION
            ? splits
            : splits.halvingTest(dataOptions.plan().seed()));
  }

  /** Names from the labels file, else from the data, else the numbers of the classes. */
  private List<String> labels(Optional<DataSplits> splits) {
    Optional<List<String>> known =
        bundleOptions.labels().or(() -> splits.map(DataSplits::classNames));
    if (known.isPresent()) {
      if (classes != null && classes != known.get().size()) {
        throw BadInputException.of(
            "--classes is %d, but there are %d class names.", classes, known.get().size());
      }
      return known.get();
    }
    int count =
        classes != null
            ? classes
            : switch (inputOptions.preset()) {
              case CIFAR10 -> 10;
              case CIFAR100 -> 100;
              case IMAGENET -> 1000;
              case OTHER ->
                  throw BadInputException.of(
                      "The number of classes is not known: give --labels, --data or --classes.");
            };
    return IntStream.range(0, count).mapToObj(String::valueOf).toList();
  }
}
