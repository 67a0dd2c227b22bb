package io.boostnet.training.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.boostnet.schema.ElementType;
import io.boostnet.schema.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What a value of a graph turned out to be when the graph was run.
 *
 * @param name name in the graph
 * @param kind what it depends on
 * @param type element type, a number of {@link DataType}
 * @param shape sizes, with a batch of {@link GraphProbe#BATCH}
 * @param otherShape sizes, with a batch of {@link GraphProbe#OTHER_BATCH}
 */
record Value(String name, Kind kind, int type, long[] shape, long[] otherShape) {

  /** What a value depends on. */
  enum Kind {
    /** On nothing: a weight, or what is computed of weights. */
    CONSTANT,
    /** On the size of the batch alone. */
    SHAPE,
    /** On the images. */
    DATA
  }

  /** Whether it has a row for every image, and every row the same size. */
  boolean hasRows() {
    if (shape.length < 1 || shape.length != otherShape.length) {
      return false;
    }
    for (int d = 1; d < shape.length; d++) {
      if (shape[d] != otherShape[d]) {
        return false;
      }
    }
    return shape[0] == GraphProbe.BATCH && otherShape[0] == GraphProbe.OTHER_BATCH;
  }

  /** Whether it can be handed from stage to stage. */
  boolean isCarriable() {
    return kind == Kind.DATA
        && shape.length >= 2
        && hasRows()
        && (type == DataType.FLOAT.getNumber() || type == DataType.FLOAT16.getNumber());
  }

  /** Elements for one image. */
  long rowElements() {
    return LongStream.of(shape).reduce(1, (a, b) -> a * b) / GraphProbe.BATCH;
  }

  /** Bytes for one image, where it is carriable. */
  long rowBytes() {
    return rowElements() * (type == DataType.FLOAT16.getNumber() ? 2 : 4);
  }

  /** Sizes for one image, without the batch. */
  List<Long> rowShape() {
    return Arrays.stream(shape).skip(1).boxed().toList();
  }

  /** As a manifest states it, under a name in a stage. */
  TensorSpec spec(String stageName) {
    List<Long> sizes = new ArrayList<>(List.of(-1L));
    sizes.addAll(rowShape());
    return new TensorSpec(
        stageName,
        type == DataType.FLOAT16.getNumber() ? ElementType.FLOAT16 : ElementType.FLOAT,
        sizes);
  }

  /** For people: {@code name [64, 8, 8]}. */
  @Override
  public String toString() {
    return name + " " + (hasRows() ? rowShape() : Arrays.toString(shape));
  }
}
