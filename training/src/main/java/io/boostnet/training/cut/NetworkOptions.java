package io.boostnet.training.cut;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.graph.Classifier;
import io.boostnet.training.input.BadInputException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** The options that say what a network from elsewhere takes. */
public final class NetworkOptions {

  @Option(
      names = "--preprocessing",
      paramLabel = "NAME|FILE",
      description =
          "From an image to the network's input, as it was trained: "
              + Preprocessings.NAMES
              + "; or a JSON file with the fields of a manifest's preprocessing.")
  private String preprocessing;

  /**
   * Makes a network fit for a bundle and says what was changed.
   *
   * @param exits names of its exits; empty for the only output that can be one
   * @param labels names of the classes, where they are known
   * @param instead where the user gave no preprocessing; null for none
   */
  public Classifier classifier(
      ModelProto model,
      List<String> exits,
      Optional<List<String>> labels,
      InputFormat instead,
      PrintWriter out) {
    if (preprocessing == null && instead == null) {
      throw BadInputException.of(
          "How images become the network's input is not known: give --preprocessing, one of %s or a"
              + " JSON file.",
          Preprocessings.NAMES);
    }
    Preprocessings known =
        preprocessing == null
            ? new Preprocessings(instead, false)
            : Preprocessings.of(preprocessing);
    Classifier classifier =
        Classifier.of(
            model,
            new Classifier.Known(
                exits, labels.map(List::size).orElse(0), known.format(), known.bgr()));
    classifier.notes().forEach(note -> out.println("  " + note));
    return classifier;
  }

  /**
   * Names of the classes: those given, those of the data where they are as many, or numbers.
   *
   * @param given from the labels file
   * @param data names of the data set's classes, where there is one
   */
  public static List<String> labels(
      Optional<List<String>> given, Optional<List<String>> data, int classes) {
    List<String> labels =
        given
            .or(() -> data.filter(names -> names.size() == classes))
            .orElseGet(() -> IntStream.range(0, classes).mapToObj(String::valueOf).toList());
    if (labels.size() != classes) {
      throw BadInputException.of(
          "There are %d class names and the network has %d classes: give --labels that fit.",
          labels.size(), classes);
    }
    return labels;
  }
}
