package io.boostnet.training.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.boostnet.training.input.BadInputException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs a graph in ONNX Runtime and looks at values inside it: types, shapes and small whole numbers
 * of every value, or the floats of some. What a graph states of its values is not trusted:
 * exporters leave it out, and a changed batch makes it wrong.
 */
final class GraphProbe {

  /** Images of the first run. */
  static final int BATCH = 2;

  /** Images of the second run: what differs between the two depends on the batch. */
  static final int OTHER_BATCH = 3;

  private static final int MAX_INTEGERS = 64;

  private GraphProbe() {}

  /**
   * A value of one run.
   *
   * @param type element type, a number of {@link DataType}
   * @param shape sizes
   * @param integers the elements, where they are few whole numbers; else null
   */
  record Seen(int type, long[] shape, long[] integers) {}

  /** Types, shapes and small integers of every value that a node makes. */
  static Map<String, Seen> look(ModelProto model, String input, Sample images) {
    Set<String> names =
        model.getGraph().getNodeList().stream()
            .flatMap(node -> node.getOutputList().stream())
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    Map<String, Seen> seen = new TreeMap<>();
    run(model, input, images, names, (name, value) -> seen.put(name, seen(name, value)));
    return seen;
  }

  /** The elements of values of floats of any width. */
  static Map<String, float[]> floats(
      ModelProto model, String input, Sample images, Collection<String> names) {
    Map<String, float[]> floats = new LinkedHashMap<>();
    run(
        model,
        input,
        images,
        names,
        (name, value) -> {
          FloatBuffer buffer = ((OnnxTensor) value).getFloatBuffer();
          if (buffer == null) {
            throw BadInputException.of(
                "The output %s is %s, not of floating-point numbers: name the output that holds the"
                    + " logits.",
                name, value.getInfo());
          }
          float[] values = new float[buffer.remaining()];
          buffer.get(values);
          floats.put(name, values);
        });
    return floats;
  }

  private interface Look {
    void at(String name, OnnxValue value);
  }

  private static void run(
      ModelProto model, String input, Sample images, Collection<String> names, Look look) {
    byte[] onnx = withOutputs(model, names).toByteArray();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      options.setOptimizationLevel(OptLevel.NO_OPT);
      // What is wrong comes as an exception; what is changed while it is found out is no news.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      try (OrtSession session = environment.createSession(onnx, options);
          OnnxTensor tensor =
              OnnxTensor.createTensor(
                  environment, FloatBuffer.wrap(images.pixels()), images.shape());
          OrtSession.Result result =
              session.run(Map.of(input, tensor), new LinkedHashSet<>(names))) {
        result.forEach(entry -> look.at(entry.getKey(), entry.getValue()));
      }
    } catch (OrtException e) {
      throw new RefusedGraphException(images.images(), e);
    }
  }

  /** The model with more outputs. */
  static ModelProto withOutputs(ModelProto model, Collection<String> names) {
    ModelProto.Builder all = model.toBuilder();
    Set<String> there =
        model.getGraph().getOutputList().stream()
            .map(ValueInfoProto::getName)
            .collect(Collectors.toSet());
    names.stream()
        .filter(name -> !there.contains(name))
        .forEach(name -> all.getGraphBuilder().addOutputBuilder().setName(name));
    return all.build();
  }

  private static Seen seen(String name, OnnxValue value) {
    if (!(value instanceof OnnxTensor tensor)) {
      throw BadInputException.of(
          "The value %s is %s, and only tensors can be served: export without it.",
          name, value.getInfo());
    }
    int type = type(tensor);
    long[] shape = tensor.getInfo().getShape();
    return new Seen(type, shape, integers(tensor, type));
  }

  /** The ONNX number of its type; that of the Java API counts in an order of its own. */
  private static int type(OnnxTensor tensor) {
    String name = tensor.getInfo().onnxType.name();
    return DataType.valueOf(name.substring("ONNX_TENSOR_ELEMENT_DATA_TYPE_".length())).getNumber();
  }

  private static long[] integers(OnnxTensor tensor, int type) {
    if (tensor.getInfo().getNumElements() > MAX_INTEGERS) {
      return null;
    }
    if (type == DataType.INT64.getNumber()) {
      LongBuffer buffer = tensor.getLongBuffer();
      long[] values = new long[buffer.remaining()];
      buffer.get(values);
      return values;
    }
    if (type == DataType.INT32.getNumber()) {
      IntBuffer buffer = tensor.getIntBuffer();
      long[] values = new long[buffer.remaining()];
      for (int i = 0; i < values.length; i++) {
        values[i] = buffer.get(i);
      }
      return values;
    }
    return null;
  }
}
