package io.boostnet.training.bundle.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.boostnet.schema.TensorSpec;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The exported stages run one after the other in ONNX Runtime on the CPU, every image through all
 * of them: what calibration and evaluation are measured with. Holds native memory until closed.
 * Used by one thread at a time.
 */
public final class OnnxCascade implements AutoCloseable {

  private static final int LEAST_PASSES = 5;
  private static final int MOST_PASSES = 100;
  private static final long LONGEST_NANOS = 3_000_000_000L;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final List<StageModel> stages;
  private final List<OrtSession> sessions = new ArrayList<>();
  private final int classes;

  /** Time of the last call of each stage. */
  private final long[] callNanos;

  /**
   * The stages as ONNX Runtime runs them best.
   *
   * @param threads threads inside one call, 1 or more
   */
  public OnnxCascade(List<StageModel> stages, int threads) {
    this(stages, threads, OptLevel.ALL_OPT);
  }

  /**
   * The stages with another choice of kernels.
   *
   * @param threads threads inside one call, 1 or more
   * @param optimization {@link OptLevel#NO_OPT} for the operators as they stand in the graph, and
   *     so for other kernels
   */
  public OnnxCascade(List<StageModel> stages, int threads, OptLevel optimization) {
    this.stages = List.copyOf(stages);
    this.classes = stages.get(0).classes();
    this.callNanos = new long[stages.size()];
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setOptimizationLevel(optimization);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      for (StageModel stage : stages) {
        sessions.add(environment.createSession(stage.onnx(), options));
      }
    } catch (OrtException e) {
      close();
      throw new IllegalStateException("ONNX Runtime refuses stage " + (sessions.size() + 1), e);
    }
  }

  /** Number of exits. */
  public int exits() {
    return stages.size();
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /**
   * Runs one batch.
   *
   * @param images the input tensor of stage 1, {@code [batch, 3, height, width]}
   * @param batch number of images
   * @return the ensemble logits of every exit, {@code [exit][batch * classes]}
   */
  public float[][] logits(float[] images, int batch) {
    return logits(images, batch, (output, values) -> {});
  }

  /**
   * Runs one batch of stages that have outputs beyond those of their specification.
   *
   * @param observer is given the name and the elements of each of them, of 32-bit floats
   */
  public float[][] logits(float[] images, int batch, BiConsumer<String, float[]> observer) {
    List<Long> shape = new ArrayList<>(stages.get(0).inputs().get(0).getShape());
    shape.set(0, (long) batch);
    float[][] logits = new float[stages.size()][];
    Result before = null;
    try (OnnxTensor input =
        OnnxTensor.createTensor(
            environment,
            FloatBuffer.wrap(images),
            shape.stream().mapToLong(Long::longValue).toArray())) {
      List<OnnxTensor> values = List.of(input);
      for (int k = 0; k < stages.size(); k++) {
        Result result = run(k, values);
        if (before != null) {
          before.close();
        }
        before = result;
        values = tensors(k, result, observer);
        logits[k] = floats(values.get(values.size() - 1));
      }
      return logits;
    } catch (OrtException e) {
      throw new IllegalStateException("running the exported stages failed", e);
    } finally {
      if (before != null) {
        before.close();
      }
    }
  }

  /**
   * Times a call of each stage, on what the stages before make of the images: all stages in turn,
   * pass after pass, so that a slow moment of the machine does not fall on one of them alone.
   *
   * @param images the input tensor of stage 1, {@code [batch, 3, height, width]}
   * @param batch number of images
   * @return the shortest call of each stage, in nanoseconds
   */
  public long[] shortestCalls(float[] images, int batch) {
    long[] shortest = new long[stages.size()];
    Arrays.fill(shortest, Long.MAX_VALUE);
    long begin = System.nanoTime();
    for (int pass = 0;
        pass < LEAST_PASSES || pass < MOST_PASSES && System.nanoTime() - begin < LONGEST_NANOS;
        pass++) {
      logits(images, batch);
      for (int k = 0; k < shortest.length; k++) {
        shortest[k] = Math.min(shortest[k], callNanos[k]);
      }
    }
    return shortest;
  }

  private Result run(int stage, List<OnnxTensor> values) throws OrtException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    List<TensorSpec> specs = stages.get(stage).inputs();
    for (int i = 0; i < specs.size(); i++) {
      inputs.put(specs.get(i).getName(), values.get(i));
    }
    long start = System.nanoTime();
    Result result = sessions.get(stage).run(inputs);
    callNanos[stage] = System.nanoTime() - start;
    return result;
  }

  private List<OnnxTensor> tensors(int stage, Result result, BiConsumer<String, float[]> observer) {
    List<OnnxTensor> tensors = new ArrayList<>();
    for (TensorSpec output : stages.get(stage).outputs()) {
      tensors.add((OnnxTensor) result.get(output.getName()).orElseThrow());
    }
    for (Map.Entry<String, OnnxValue> entry : result) {
      OnnxTensor tensor = (OnnxTensor) entry.getValue();
      if (!tensors.contains(tensor)) {
        observer.accept(entry.getKey(), floats(tensor));
      }
    }
    return tensors;
  }

  private static float[] floats(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  @Override
  public void close() {
    for (OrtSession session : sessions) {
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException("closing a session of ONNX Runtime failed", e);
      }
    }
  }
}
