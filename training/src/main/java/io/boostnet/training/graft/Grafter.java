package io.boostnet.training.graft;

import ai.djl.ndarray.NDManager;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.boostnet.training.cut.Ensemble;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.LabelledImages;
import io.boostnet.training.graft.HeadChoice.Head;
import io.boostnet.training.graft.HeadLearner.Plan;
import io.boostnet.training.graph.Classifier;
import io.boostnet.training.graph.CutPoints.CutPoint;
import io.boostnet.training.graph.Edit;
import io.boostnet.training.graph.Graph;
import io.boostnet.training.graph.Reduction;
import io.boostnet.training.graph.Sample;
import io.boostnet.training.graph.StageSplit;
import io.boostnet.training.graph.StageSplit.Placement;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * Grafts exits onto a network: computes its features once, trains a head at every cut on them, and
 * puts the heads into the graph. Nothing of the network changes, and its own logits stay the last
 * exit.
 */
final class Grafter {

  private final Classifier classifier;
  private final List<CutPoint> cuts;
  private final double weight;
  private final Plan plan;
  private final int threads;
  private final Display display;

  /** What is told while it runs. */
  interface Display {
    /** Begins on images; told how many are done. */
    IntConsumer computing(LabelledImages images);

    /** A head was trained at a cut, from 0. */
    void trained(int cut, Head head);
  }

  /**
   * @param weight w, of the ensemble before each exit; 0 for heads that are trained apart
   */
  Grafter(
      Classifier classifier,
      List<CutPoint> cuts,
      double weight,
      Plan plan,
      int threads,
      Display display) {
    this.classifier = classifier;
    this.cuts = cuts;
    this.weight = weight;
    this.plan = plan;
    this.threads = threads;
    this.display = display;
  }

  /**
   * A network with exits.
   *
   * @param split its stages
   * @param heads the heads that were chosen, one per cut
   */
  record Grafted(StageSplit split, List<Head> heads) {}

  /**
   * Trains the heads and cuts.
   *
   * @param data heads learn on the training split and are chosen on the validation split
   * @param folder an existing folder for the features, which are removed at the end
   */
  Grafted graft(DataSplits data, Path folder) throws IOException {
    Edit edit = new Edit(classifier.graph().model());
    List<Reduction> reductions = new ArrayList<>();
    for (CutPoint cut : cuts) {
      boolean half = classifier.graph().type(cut.tensor()) == DataType.FLOAT16.getNumber();
      reductions.add(Reduction.of(edit, cut.tensor(), cut.shape(), half));
    }
    ModelProto reduced = edit.modelWithOutputs(reductions.stream().map(Reduction::value).toList());
    Path place = Files.createTempDirectory(folder, ".features-");
    List<Head> heads;
    try (Features training = features(reduced, reductions, data.train(), place);
        Features validation = features(reduced, reductions, data.validation(), place)) {
      heads = train(reductions, training, validation);
    } finally {
      remove(place);
    }
    return new Grafted(cut(edit, reductions, heads), heads);
  }

  private Features features(
      ModelProto model, List<Reduction> reductions, LabelledImages images, Path place)
      throws IOException {
    return Features.compute(
        model, reductions, images, classifier.format(), place, threads, display.computing(images));
  }

  private List<Head> train(List<Reduction> reductions, Features training, Features validation) {
    Torch.setThreads(threads);
    List<Head> heads = new ArrayList<>();
    try (NDManager manager = Torch.open("cpu")) {
      HeadChoice choice = new HeadChoice(manager, training, validation, weight, plan);
      for (int k = 0; k < reductions.size(); k++) {
        int cut = k;
        HeadChoice.Ensemble before = k == 0 || weight == 0 ? null : heads.get(k - 1).ensemble();
        heads.add(
            choice.choose(
                k,
                reductions.get(k).shape(),
                classifier.classes(),
                before,
                head -> display.trained(cut, head)));
      }
    }
    return heads;
  }

  private StageSplit cut(Edit edit, List<Reduction> reductions, List<Head> heads) {
    List<String> exits = new ArrayList<>();
    for (int k = 0; k < heads.size(); k++) {
      exits.add(
          HeadSplice.add(edit, heads.get(k), reductions.get(k).value(), "head_" + (k + 1) + "/"));
    }
    EnsembleWeights weights = new EnsembleWeights(Collections.nCopies(heads.size(), weight));
    Ensemble ensemble = Ensemble.of(edit.model(), exits, weights);
    Graph graph =
        Graph.of(
            ensemble.model(),
            classifier.graph().input(),
            Sample.of(classifier.format(), Classifier.IMAGES));
    List<String> all = new ArrayList<>(ensemble.exits());
    all.add(classifier.exits().get(0));
    return StageSplit.at(graph, all, Placement.NEEDED);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
