package io.boostnet.flink.model;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * One stage of a cascade: a block of the network and its exit head.
 *
 * @param index position in the cascade, 1 .. K; also the number of its exit
 * @param file file name of the ONNX model within the bundle
 * @param sha256 SHA-256 of that file, in lower-case hexadecimal
 * @param inputs stage 1: the image; others: the outputs of the stage before, in their order (the
 *     last, the ensemble logits, may be left out)
 * @param outputs the carried feature maps, then the ensemble logits
 * @param cumulativeMacs multiply-accumulate operations of one image from the input to this exit
 * @param cumulativeParameters trained parameters from the input to this exit
 */
@PublicEvolving
public record Stage(
    int index,
    String file,
    String sha256,
    List<TensorSpec> inputs,
    List<TensorSpec> outputs,
    long cumulativeMacs,
    long cumulativeParameters)
    implements Serializable {

  public Stage {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The ensemble logits: the last output. */
  public TensorSpec logits() {
    return outputs.get(outputs.size() - 1);
  }

  /** Bytes of one row of all inputs. */
  public int inputRowBytes() {
    return inputs.stream().mapToInt(TensorSpec::rowBytes).sum();
  }

  /** Name used in metrics, logs and dead letters. */
  public String label() {
    return "stage-" + index;
  }
}
