package io.boostnet.training.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.graph.ExitAdapter.Logits;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An image classifier that another tool exported, made fit for a bundle: it takes {@code [batch, 3,
 * height, width]} floats, any number of images at once, and its exits are logits. Each of this is
 * found out by running it, and what had to be changed is said.
 *
 * @param graph the network with what was added before and after
 * @param exits its logits, in their order, {@code [batch, classes]} floats
 * @param format from an image to its input; not as asked for where the network normalises itself
 * @param notes what was changed, a sentence each, for people
 */
public record Classifier(Graph graph, List<String> exits, InputFormat format, List<String> notes) {

  /** Images that a graph is looked at with. */
  public static final int IMAGES = 3;

  /** Largest difference of a logit alone and in company, as a share of the largest logit. */
  private static final double TOLERANCE = 1e-4;

  private static final double HALF_TOLERANCE = 1e-2;

  /**
   * What is known of a network beside its file.
   *
   * @param exits names of its exits; empty for the only output that can be one
   * @param classes length of the logits; 0 where it is not known
   * @param format from an image to its input, in red, green and blue
   * @param bgr whether it takes blue before green and red
   */
  public record Known(List<String> exits, int classes, InputFormat format, boolean bgr) {}

  public Classifier {
    exits = List.copyOf(exits);
    notes = List.copyOf(notes);
  }

  /** Number of classes. */
  public int classes() {
    return Math.toIntExact(graph.value(exits.get(0)).rowElements());
  }

  /**
   * Makes a network fit.
   *
   * @throws BadInputException where it cannot be served, with the reason and a remedy
   */
  public static Classifier of(ModelProto exported, Known known) {
    ModelProto model = inlined(exported);
    check(model);
    List<String> notes = new ArrayList<>();
    InputAdapter input = InputAdapter.of(model);
    InputFormat format = input.takesPixels() ? known.format().pixels() : known.format();
    checkSize("rows", input.height(), format.resize().height());
    checkSize("columns", input.width(), format.resize().width());
    describe(input, known.bgr(), notes);
    int images = (int) Math.max(IMAGES, input.fixedBatch());
    Sample sample = Sample.of(format, images);
    ModelProto adapted =
        input.adapted(model, sample.height(), sample.width(), known.bgr() && !input.grey());
    Graph graph = run(adapted, sample, input.fixedBatch());
    ExitAdapter adapter = new ExitAdapter(graph, sample, notes);
    List<String> exits =
        known.exits().isEmpty() ? List.of(adapter.onlyExit(known.classes())) : known.exits();
    Logits logits = adapter.adapted(exits);
    Graph whole = Graph.of(logits.model(), graph.input(), sample);
    proveRows(whole, logits.exits(), sample);
    return new Classifier(whole, logits.exits(), format, notes);
  }

  private static Graph run(ModelProto adapted, Sample sample, long fixedBatch) {
    String input = adapted.getGraph().getInput(0).getName();
    try {
      return Graph.of(adapted, input, sample);
    } catch (RefusedGraphException e) {
      throw new BadInputException(
          fixedBatch > 0
              ? ("The graph is fixed at a batch of %d and does not run with %d images (%s): export it"
                      + " with a free batch, dynamic_axes or dynamic_shapes in PyTorch.")
                  .formatted(fixedBatch, e.images(), e.getMessage())
              : "ONNX Runtime %s does not run the graph (%s): export it for an operator set that it knows."
                  .formatted(OrtEnvironment.getEnvironment().getVersion(), e.getMessage()),
          e);
    }
  }

  private static void check(ModelProto model) {
    for (NodeProto node : model.getGraph().getNodeList()) {
      if (node.getOpType().startsWith("DynamicQuantize")) {
        throw BadInputException.of(
            "%s takes its scale from the whole batch, so that an image's logits would depend on its"
                + " neighbours: quantize statically, or serve the network in floats.",
            Operators.label(node));
      }
      if (Operators.hasSubgraph(node)) {
        throw BadInputException.of(
            "%s holds a graph of its own, and where it would be cut cannot be told: export the"
                + " network traced, without branches and loops.",
            Operators.label(node));
      }
    }
  }

  private static void checkSize(String what, long fixed, int given) {
    if (fixed > 0 && fixed != given) {
      throw BadInputException.of(
          "The network takes images of %d %s and the preprocessing gives %d: name the one it was"
              + " trained with in --preprocessing.",
          fixed, what, given);
    }
  }

  private static void describe(InputAdapter input, boolean bgr, List<String> notes) {
    if (input.grey()) {
      notes.add("takes one channel: a grey image is made of the three");
    } else if (bgr) {
      notes.add("takes blue, green, red: the channels are turned round");
    }
    if (input.channelsLast()) {
      notes.add("takes the channels last: the axes are moved");
    }
    if (input.takesPixels()) {
      notes.add("takes bytes and normalises itself: it is given pixels of 0..255");
    }
    if (input.fixedBatch() > 0) {
      notes.add("was fixed at a batch of " + input.fixedBatch() + ": made free");
    }
  }

  /** Proves that a row of logits is the same alone and with others. */
  private static void proveRows(Graph graph, List<String> exits, Sample sample) {
    Map<String, float[]> together =
        GraphProbe.floats(graph.model(), graph.input(), sample.range(0, IMAGES), exits);
    boolean half =
        graph.nodes().stream()
            .flatMap(node -> node.getOutputList().stream())
            .map(graph::value)
            .anyMatch(value -> value != null && value.type() == DataType.FLOAT16.getNumber());
    for (int i = 0; i < IMAGES; i++) {
      Map<String, float[]> alone =
          GraphProbe.floats(graph.model(), graph.input(), sample.range(i, i + 1), exits);
      for (String exit : exits) {
        float[] row = alone.get(exit);
        float[] all = together.get(exit);
        double largest = 1e-3;
        double difference = 0;
        for (int c = 0; c < row.length; c++) {
          largest = Math.max(largest, Math.abs(row[c]));
          difference = Math.max(difference, Math.abs(row[c] - all[i * row.length + c]));
        }
        if (!(difference <= largest * (half ? HALF_TOLERANCE : TOLERANCE))) {
          throw BadInputException.of(
              "The logits %s of an image differ by %.3g alone and beside two others: the network"
                  + " mixes the images of a batch, export it in evaluation mode and with a free batch.",
              exit, difference);
        }
      }
    }
  }

  /** Functions that exporters keep apart are put where they are called, by ONNX Runtime. */
  private static ModelProto inlined(ModelProto model) {
    if (model.getFunctionsCount() == 0) {
      return model;
    }
    try {
      Path file = Files.createTempFile("boostnet-", ".onnx");
      try (SessionOptions options = new SessionOptions()) {
        options.setOptimizationLevel(OptLevel.NO_OPT);
        options.setOptimizedModelFilePath(file.toString());
        OrtSession session =
            OrtEnvironment.getEnvironment().createSession(model.toByteArray(), options);
        session.close();
        return OnnxFile.read(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (OrtException e) {
      throw new BadInputException(
          "ONNX Runtime does not load the graph (" + e.getMessage() + "): export it again.", e);
    } catch (IOException e) {
      throw new BadInputException("A temporary file cannot be written: " + e, e);
    }
  }
}
