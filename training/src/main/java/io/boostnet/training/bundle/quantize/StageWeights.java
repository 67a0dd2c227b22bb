package io.boostnet.training.bundle.quantize;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.platform.Fp16Conversions;
import com.google.protobuf.InvalidProtocolBufferException;
import io.boostnet.training.bundle.onnx.Ensemble;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.input.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The constants of exported stages: weights of convolutions with batch normalisation folded in, and
 * of the heads, under the names that they have in the network.
 *
 * @param stages the constants of each stage by name
 */
record StageWeights(List<Map<String, float[]>> stages) {

  /**
   * Reads the constants of 16 and 32-bit floats.
   *
   * @throws BadInputException where a model cannot be read
   */
  static StageWeights of(List<StageModel> models) {
    return new StageWeights(models.stream().map(StageWeights::constants).toList());
  }

  private static Map<String, float[]> constants(StageModel stage) {
    Map<String, float[]> constants = new HashMap<>();
    try {
      for (TensorProto tensor :
          ModelProto.parseFrom(stage.onnx()).getGraph().getInitializerList()) {
        ByteBuffer bytes =
            ByteBuffer.wrap(tensor.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        if (tensor.getDataType() == DataType.FLOAT.getNumber()) {
          float[] values = new float[bytes.remaining() / Float.BYTES];
          bytes.asFloatBuffer().get(values);
          constants.put(tensor.getName(), values);
        } else if (tensor.getDataType() == DataType.FLOAT16.getNumber()) {
          float[] values = new float[bytes.remaining() / Short.BYTES];
          for (int i = 0; i < values.length; i++) {
            values[i] = Fp16Conversions.fp16ToFloat(bytes.getShort());
          }
          constants.put(tensor.getName(), values);
        }
      }
      return constants;
    } catch (InvalidProtocolBufferException e) {
      throw new BadInputException("A stage of the bundle is no ONNX model: " + e.getMessage(), e);
    }
  }

  /**
   * The constant of a name.
   *
   * @throws BadInputException where no stage has it
   */
  float[] constant(String name) {
    for (Map<String, float[]> stage : stages) {
      if (stage.containsKey(name)) {
        return stage.get(name);
      }
    }
    throw BadInputException.of(
        "The stages of the bundle have no constant %s: they were not exported by this project from the network that the manifest names.",
        name);
  }

  /** Weight of the ensemble before it at a stage, from 0; 0 where it does not count. */
  float ensemble(int stage) {
    float[] weight = stages.get(stage).get(Ensemble.WEIGHT);
    return weight == null ? 0 : weight[0];
  }
}
