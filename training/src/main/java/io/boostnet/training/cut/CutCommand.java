package io.boostnet.training.cut;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.boostnet.schema.Architecture;
import io.boostnet.schema.Provenance;
import io.boostnet.training.bundle.BundleTarget;
import io.boostnet.training.bundle.Evaluation;
import io.boostnet.training.bundle.Provenances;
import io.boostnet.training.bundle.StagedModel;
import io.boostnet.training.data.DataOptions;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.graph.Classifier;
import io.boostnet.training.graph.Graph;
import io.boostnet.training.graph.OnnxFile;
import io.boostnet.training.graph.Sample;
import io.boostnet.training.graph.StageSplit;
import io.boostnet.training.graph.StageSplit.Placement;
import io.boostnet.training.input.Sha256;
import io.boostnet.training.network.EnsembleWeights;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cut}: turns an early-exit network in ONNX, or stages of one, into a model bundle. */
@Command(
    name = "cut",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Turns an early-exit network of any origin into a model bundle: one ONNX graph with an output per exit is cut into stages, or"
            + " stage files are checked and completed. Shapes, multiply-accumulate operations and parameters are counted in the graph.",
    footer = {
      "",
      "Examples:",
      "  A network as PyTorch exports it, every exit with logits of its own:",
      "    boostnet cut network.onnx --exits exit1,exit2,exit3 --preprocessing cifar100 --data images/ --output bundles/mine",
      "  Exits that add up, each with half of the ensemble before it: the same with --boosted 0.5",
      "  Stages that were cut by hand; a manifest beside them, as far as it goes, names labels and preprocessing:",
      "    boostnet cut --stages stages/ --data images/ --output bundles/mine"
    })
public final class CutCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** A whole network, or its stages. */
  private static final class Source {
    @ArgGroup(exclusive = false)
    private Whole whole;

    @Option(
        names = "--stages",
        split = ",",
        paramLabel = "FOLDER|FILE,...",
        required = true,
        description =
            "In place of a network: a folder with stage-1.onnx, stage-2.onnx, ..., or the files in their order. The last output of"
                + " each are its logits.")
    private List<Path> stages;
  }

  private static final class Whole {
    @Parameters(paramLabel = "NETWORK", description = "The network, an ONNX file.")
    private Path network;

    @Option(
        names = "--exits",
        split = ",",
        required = true,
        paramLabel = "NAME,...",
        description =
            "Outputs of the graph, or values inside it, that are the logits, first exit first.")
    private List<String> exits;
  }

  @Option(
      names = "--boosted",
      paramLabel = "W",
      description =
          "The exits add up, F_k = f_k + W * F_(k-1): one weight, first and last, or one per exit, with commas. Without it every exit"
              + " answers for itself, or adds up in the graph already.")
  private String boosted;

  @Option(
      names = "--placement",
      defaultValue = "NEEDED",
      description =
          "In which stage a node runs: ${COMPLETION-CANDIDATES}. NEEDED: in that of the first exit that needs it. WRITTEN: in that of"
              + " the exit behind it in the graph, so that blocks stay whole and cost what is published of them. Default:"
              + " ${DEFAULT-VALUE}.")
  private Placement placement;

  @Mixin private NetworkOptions network;

  @Mixin private BundleTarget target;

  @Option(
      names = "--data",
      description =
          "Labelled images that it was not trained on: half for the evidence, half for the evaluation, in whole tracks where there are tracks. Without them the bundle has"
              + " neither; calibrate adds them.")
  private Path data;

  @Mixin private DataOptions dataOptions;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Optional<DataSplits> images =
        Optional.ofNullable(data).map(path -> DataSplits.unseen(dataOptions, path));
    StageFolder stages = source.stages == null ? null : StageFolder.of(source.stages);
    ModelProto model;
    List<String> names;
    if (stages == null) {
      model = OnnxFile.read(source.whole.network);
      names = source.whole.exits;
    } else {
      StageJoin joined = StageJoin.of(stages.models());
      joined.notes().forEach(note -> out.println("  " + note));
      model = joined.model();
      names = joined.exits();
    }
    Optional<List<String>> labels =
        target.labels().or(() -> stages == null ? Optional.empty() : stages.labels());
    Classifier classifier =
        network.classifier(model, names, labels, stages == null ? null : stages.format(), out);
    StageSplit split = split(classifier);
    List<String> classes =
        NetworkOptions.labels(labels, images.map(DataSplits::classNames), classifier.classes());
    if (names.size() == 1) {
      out.println("  one exit: no image can leave early; graft gives a network exits");
    }
    Optional<Evaluation> evaluation =
        target.write(
            new StagedModel(
                target.name(),
                target.version(),
                new Architecture("onnx", Map.of("exits", String.join(",", names))),
                classes,
                classifier.format(),
                split.stages(),
                split.cumulativeMacs(),
                split.cumulativeParameters(),
                provenance()),
            images.map(splits -> splits.relabelled(classes)),
            out);
    evaluation.ifPresent(measured -> tellDoubts(measured, spec.commandLine().getErr()));
    return 0;
  }

  private static void tellDoubts(Evaluation measured, PrintWriter err) {
    measured
        .unlikelyAccuracy()
        .ifPresent(
            finding ->
                err.println(
                    finding
                        + ": --preprocessing or --labels may not be those that it was trained with."));
    measured
        .fallingAccuracy()
        .ifPresent(finding -> err.println(finding + ": is the first exit first in --exits?"));
  }

  private StageSplit split(Classifier classifier) {
    List<String> exits = classifier.exits();
    if (boosted == null) {
      return StageSplit.at(classifier.graph(), exits, placement);
    }
    Ensemble ensemble =
        Ensemble.of(
            classifier.graph().model(), exits, EnsembleWeights.parse(boosted, exits.size()));
    Graph sums =
        Graph.of(ensemble.model(), classifier.graph().input(), Sample.of(classifier.format(), 3));
    return StageSplit.at(sums, ensemble.exits(), placement);
  }

  private Provenance provenance() {
    List<Path> files =
        source.stages == null ? List.of(source.whole.network) : StageFolder.files(source.stages);
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("onnx_sha256", Sha256.ofFiles(files));
    if (boosted != null) {
      configuration.put("ensemble_reweight", boosted);
    }
    return Provenances.begin(
            source.stages == null
                ? "cut from " + source.whole.network.getFileName()
                : "made of %d stage files".formatted(files.size()))
        .setConfiguration(configuration)
        .build();
  }
}
