package io.boostnet.training.graft;

import io.boostnet.schema.Architecture;
import io.boostnet.schema.Provenance;
import io.boostnet.training.bundle.BundleTarget;
import io.boostnet.training.bundle.Evaluation;
import io.boostnet.training.bundle.Provenances;
import io.boostnet.training.bundle.StagedModel;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.cut.NetworkOptions;
import io.boostnet.training.data.DataOptions;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.LabelledImages;
import io.boostnet.training.graft.Grafter.Grafted;
import io.boostnet.training.graft.HeadChoice.Head;
import io.boostnet.training.graft.HeadLearner.Plan;
import io.boostnet.training.graph.Classifier;
import io.boostnet.training.graph.CutPoints;
import io.boostnet.training.graph.CutPoints.CutPoint;
import io.boostnet.training.graph.OnnxFile;
import io.boostnet.training.graph.StageSplit;
import io.boostnet.training.graph.StageSplit.Placement;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.input.Sha256;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code graft}: gives a trained classifier early exits. */
@Command(
    name = "graft",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Gives an image classifier in ONNX early exits. The network stays as it is: its features are computed once, and at every cut a"
            + " small head learns on them what the exits before got wrong. The last exit is the network's own, so that at full cost"
            + " nothing is lost.",
    footer = {
      "",
      "Examples:",
      "  Where it can be cut:",
      "    boostnet graft --model resnet.onnx --preprocessing torchvision-imagenet --list-cuts",
      "  Three exits, on a folder of labelled images:",
      "    boostnet graft --model resnet.onnx --preprocessing torchvision-imagenet --data images/ --output bundles/resnet"
    })
public final class GraftCommand implements Callable<Integer> {

  /** Logits are compared bit for bit on so many images. */
  private static final int COMPARED = 64;

  @Spec private CommandSpec spec;

  @Option(names = "--model", required = true, description = "The network, an ONNX file.")
  private Path model;

  @Option(
      names = "--logits",
      description = "The output that holds the logits, where it is not the only one that can.")
  private String logits;

  @Mixin private NetworkOptions network;

  @ArgGroup(multiplicity = "1")
  private Aim aim;

  /** A bundle, or what it could be. */
  private static final class Aim {
    @Option(
        names = "--list-cuts",
        required = true,
        description = "In place of a bundle: show where the network can be cut.")
    private boolean list;

    @Option(
        names = "--data",
        required = true,
        description =
            "Labelled images: heads learn on most, are chosen and calibrated on some, and measured on the rest. Those the network was"
                + " trained on are good enough to learn on, but not to calibrate and measure.")
    private Path data;
  }

  @ArgGroup private Places places = new Places();

  /** Where the exits are. */
  private static final class Places {
    @Option(
        names = "--at",
        split = ",",
        defaultValue = "0.25,0.5,0.75",
        description =
            "Exits at these shares of the network's operations. Default: ${DEFAULT-VALUE}.")
    private List<Double> at;

    @Option(
        names = "--cut",
        split = ",",
        paramLabel = "TENSOR,...",
        description = "Exits behind these values of --list-cuts.")
    private List<String> tensors;
  }

  @Option(
      names = "--boosted",
      paramLabel = "W",
      defaultValue = "0.5",
      description =
          "Weight of the ensemble before each exit; 0 trains every head on its own. Default: ${DEFAULT-VALUE}.")
  private double weight;

  @Option(
      names = "--epochs",
      defaultValue = "12",
      description = "Passes over the features for each head. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the heads and of the order of the images. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private DataOptions dataOptions;

  @Mixin private BundleTarget target;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (epochs < 1 || !(weight >= 0)) {
      throw BadInputException.of(
          "--epochs is %d and --boosted %s; they must be 1 or more, and 0 or more.",
          epochs, weight);
    }
    List<String> exits = logits == null ? List.of() : List.of(logits);
    Classifier classifier =
        network.classifier(OnnxFile.read(model), exits, target.labels(), null, out);
    CutPoints points = CutPoints.of(classifier.graph(), classifier.exits().get(0));
    List<String> uncounted = CutPoints.uncounted(classifier.graph());
    if (!uncounted.isEmpty()) {
      out.printf("  the operations of %s are not counted%n", uncounted);
    }
    if (aim.list) {
      list(points, out);
      return 0;
    }
    List<CutPoint> cuts =
        places.tensors == null ? points.at(places.at) : points.named(places.tensors);
    graft(classifier, cuts, points.macs(), out);
    return 0;
  }

  private static void list(CutPoints points, PrintWriter out) {
    out.printf(Locale.ROOT, "%,d MACs for one image%n", points.macs());
    out.printf("%7s %11s  %-18s %s%n", "MACs", "KB carried", "shape", "value");
    for (CutPoint point : points.points()) {
      out.printf(
          Locale.ROOT,
          "%6.1f%% %11.1f  %-18s %s%n",
          100 * point.share(),
          point.bytes() / 1024.0,
          point.shape().stream().map(String::valueOf).collect(Collectors.joining(" x ")),
          point.tensor());
    }
  }

  private void graft(Classifier classifier, List<CutPoint> cuts, long plainMacs, PrintWriter out)
      throws IOException {
    Path output = target.output();
    Path parent = Files.createDirectories(output.toAbsolutePath().getParent());
    DataSplits data = dataOptions.open(aim.data);
    List<String> labels =
        NetworkOptions.labels(
            target.labels(), Optional.of(data.classNames()), classifier.classes());
    DataSplits images = data.relabelled(labels);
    Plan plan = new Plan(epochs, 128, 0.05, 5e-4, seed);
    Grafted grafted;
    try (Bars bars = new Bars(cuts, out)) {
      grafted =
          new Grafter(classifier, cuts, weight, plan, target.threads(), bars).graft(images, parent);
    }
    StageSplit split = grafted.split();
    proveLast(classifier, split.stages(), images.validation(), out);
    Optional<Evaluation> evaluation =
        target.write(
            new StagedModel(
                target.name(),
                target.version(),
                new Architecture("grafted onnx", arguments(cuts, grafted)),
                labels,
                classifier.format(),
                split.stages(),
                split.cumulativeMacs(),
                split.cumulativeParameters(),
                provenance(data)),
            Optional.of(images),
            out);
    Verdict verdict = Verdict.of(evaluation.orElseThrow(), plainMacs);
    verdict.draw(output.resolve("graft.png"));
    out.println(verdict.sentence());
  }

  private static Map<String, String> arguments(List<CutPoint> cuts, Grafted grafted) {
    Map<String, String> arguments = new TreeMap<>();
    for (int k = 0; k < cuts.size(); k++) {
      Head head = grafted.heads().get(k);
      arguments.put(
          "exit-" + (k + 1),
          "%s behind %s, weight decay %s"
              .formatted(head.form(), cuts.get(k).tensor(), head.decay()));
    }
    return arguments;
  }

  private Provenance provenance(DataSplits data) {
    return Provenances.begin("grafted onto " + model.getFileName())
        .setDataSet(data.name())
        .setDataSha256(data.sha256())
        .setSeed(seed)
        .setEpochs(epochs)
        .setConfiguration(
            Map.of(
                "onnx_sha256",
                Sha256.ofFiles(List.of(model)),
                "ensemble_reweight",
                String.valueOf(weight)))
        .build();
  }

  /** Compares the last exit with the network as it was given. */
  private static void proveLast(
      Classifier classifier, List<StageModel> stages, LabelledImages images, PrintWriter out) {
    int count = Math.min(COMPARED, images.size());
    float[] pixels = new float[count * classifier.format().size()];
    byte[] planes = new byte[classifier.format().size()];
    for (int i = 0; i < count; i++) {
      images.readPlanes(i, classifier.format().resize(), planes, 0);
      classifier.format().normalise(planes, 0, pixels, i * planes.length);
    }
    StageSplit plain = StageSplit.at(classifier.graph(), classifier.exits(), Placement.NEEDED);
    float[] expected;
    float[] found;
    try (OnnxCascade whole = new OnnxCascade(plain.stages(), 1);
        OnnxCascade cascade = new OnnxCascade(stages, 1)) {
      expected = whole.logits(pixels, count)[0];
      found = cascade.logits(pixels, count)[stages.size() - 1];
    }
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i] - found[i]));
    }
    out.printf(
        Locale.ROOT,
        largest == 0
            ? "The last exit gives the network's own logits, bit for bit on %d images.%n"
            : "The last exit's logits differ from the network's by %2$.2g at most on %1$d images.%n",
        count,
        largest);
  }

  /** Progress bars on a terminal, and a line per head. */
  private static final class Bars implements Grafter.Display, AutoCloseable {
    private final List<CutPoint> cuts;
    private final PrintWriter out;
    private final List<ProgressBar> bars = new ArrayList<>();

    Bars(List<CutPoint> cuts, PrintWriter out) {
      this.cuts = cuts;
      this.out = out;
    }

    @Override
    public IntConsumer computing(LabelledImages images) {
      close();
      if (System.console() == null) {
        return done -> {};
      }
      ProgressBar bar = new ProgressBar("features, " + images.name(), images.size());
      bars.add(bar);
      return bar::stepTo;
    }

    @Override
    public void trained(int cut, Head head) {
      close();
      out.printf(
          Locale.ROOT,
          "exit %d behind %s: %-18s %,12d MACs, decay %.0e: %6.2f %% of the validation images%n",
          cut + 1,
          cuts.get(cut).tensor(),
          head.form(),
          head.macs(),
          head.decay(),
          100 * head.accuracy());
      out.flush();
    }

    @Override
    public void close() {
      bars.forEach(ProgressBar::close);
      bars.clear();
    }
  }
}
