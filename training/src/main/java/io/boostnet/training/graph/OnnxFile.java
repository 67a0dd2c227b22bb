package io.boostnet.training.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads ONNX files. Weights that lie in files beside the model ({@code model.onnx.data}) are taken
 * into it, so that what is written from it needs no other file: given as bytes, a model with
 * external data makes ONNX Runtime read files of those names from the working directory.
 */
public final class OnnxFile {

  private static final long MAX_BYTES = Integer.MAX_VALUE - (1 << 20);

  private OnnxFile() {}

  /**
   * Reads a model with all of its weights.
   *
   * @throws BadInputException where it is not an ONNX model, its weights are missing, or it holds
   *     more than protocol buffers can (2 GB)
   */
  public static ModelProto read(Path file) {
    ModelProto model;
    try {
      model = ModelProto.parseFrom(Files.readAllBytes(file));
    } catch (InvalidProtocolBufferException e) {
      throw new BadInputException(
          file + " is not an ONNX model (" + e.getMessage() + "): export the network again.", e);
    } catch (NoSuchFileException e) {
      throw new BadInputException("There is no model at " + file + ": give an .onnx file.", e);
    } catch (IOException | OutOfMemoryError e) {
      throw new BadInputException("The model " + file + " cannot be read: " + e, e);
    }
    if (model.getGraph().getNodeCount() == 0) {
      throw BadInputException.of(
          "%s holds no ONNX graph: export the network with torch.onnx.export or another exporter.",
          file);
    }
    return model.toBuilder().setGraph(merged(model.getGraph(), file)).build();
  }

  private static GraphProto merged(GraphProto graph, Path file) {
    GraphProto.Builder merged = graph.toBuilder();
    long bytes = 0;
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      TensorProto tensor = graph.getInitializer(i);
      if (tensor.getDataLocation() == DataLocation.EXTERNAL) {
        tensor = merged(tensor, file);
        merged.setInitializer(i, tensor);
      }
      bytes += tensor.getRawData().size();
      if (bytes > MAX_BYTES) {
        throw BadInputException.of(
            "%s holds more than 2 GB of weights, which one ONNX file cannot: cut it into stage files"
                + " with your exporter and give those.",
            file);
      }
    }
    for (int n = 0; n < graph.getNodeCount(); n++) {
      NodeProto node = graph.getNode(n);
      for (int a = 0; a < node.getAttributeCount(); a++) {
        AttributeProto attribute = node.getAttribute(a);
        if (attribute.hasT() && attribute.getT().getDataLocation() == DataLocation.EXTERNAL) {
          merged
              .getNodeBuilder(n)
              .setAttribute(a, attribute.toBuilder().setT(merged(attribute.getT(), file)).build());
        }
      }
    }
    return merged.build();
  }

  private static TensorProto merged(TensorProto tensor, Path file) {
    Map<String, String> where =
        tensor.getExternalDataList().stream()
            .collect(
                Collectors.toMap(
                    StringStringEntryProto::getKey, StringStringEntryProto::getValue, (a, b) -> b));
    Path folder = file.toAbsolutePath().getParent().normalize();
    Path data = folder.resolve(where.getOrDefault("location", "")).normalize();
    if (!data.startsWith(folder) || data.equals(folder)) {
      throw BadInputException.of(
          "%s takes the weights %s from \"%s\", which is not a file in its folder: export it again.",
          file, tensor.getName(), where.get("location"));
    }
    try (RandomAccessFile in = new RandomAccessFile(data.toFile(), "r")) {
      long offset = number(where, "offset", 0);
      long length = number(where, "length", in.length() - offset);
      if (offset < 0 || length < 0 || offset + length > in.length() || length > MAX_BYTES) {
        throw BadInputException.of(
            "%s takes %,d bytes from %,d on for the weights %s out of %s, which has %,d: copy both"
                + " files again.",
            file, length, offset, tensor.getName(), data, in.length());
      }
      byte[] bytes = new byte[(int) length];
      in.seek(offset);
      in.readFully(bytes);
      return tensor.toBuilder()
          .clearExternalData()
          .clearDataLocation()
          .setRawData(ByteString.copyFrom(bytes))
          .build();
    } catch (IOException e) {
      throw new BadInputException(
          "The weights %s of %s lie in %s, which cannot be read: put it beside the model."
              .formatted(tensor.getName(), file, data),
          e);
    }
  }

  private static long number(Map<String, String> where, String key, long otherwise) {
    try {
      return where.containsKey(key) ? Long.parseLong(where.get(key)) : otherwise;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
