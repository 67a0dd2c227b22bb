package io.boostnet.flink.inference.onnx;

import ai.onnxruntime.OrtException;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.ServiceCurve;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.onnx.SharedSessions.ModelSource;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.annotation.Internal;

/** Runs a stage in a session that is shared with all other runners of the same model and device. */
@Internal
public final class OnnxStageRunner implements StageRunner {

  /** Times that every size is tried; the best counts, since all else is noise. */
  private static final int PASSES = 8;

  /**
   * A size that is slower by this factor than what is sought ends the search, noise allowed for.
   */
  private static final double HOPELESS = 1.5;

  private final Stage stage;
  private final SharedSessions.Shared shared;
  private boolean closed;

  private OnnxStageRunner(Stage stage, SharedSessions.Shared shared) {
    this.stage = stage;
    this.shared = shared;
  }

  /**
   * Opens a runner, loading the model where no other runner has done so. The caller closes it.
   *
   * @param model read only where the session has to be made
   * @throws IOException where the model cannot be read
   * @throws InferenceException where it cannot be loaded, its inputs and outputs are not those of
   *     the manifest, or the device cannot be used
   */
  public static OnnxStageRunner open(Stage stage, Device device, ModelSource model)
      throws IOException, InferenceException {
    return new OnnxStageRunner(stage, SharedSessions.acquire(stage, device, model));
  }

  @Override
  public Stage stage() {
    return stage;
  }

  @Override
  public int openSessions() {
    return SharedSessions.open();
  }

  @Override
  public boolean fellBackToCpu() {
    return shared.provider().fellBack();
  }

  @Override
  public MicroBatch allocate(int capacity) {
    return new OnnxMicroBatch(stage, capacity, shared.provider().buckets());
  }

  @Override
  public void run(MicroBatch batch) throws InferenceException {
    OnnxMicroBatch rows = (OnnxMicroBatch) batch;
    try {
      OnnxMicroBatch.Binding binding = rows.binding();
      shared
          .provider()
          .call(
              () -> {
                shared.session().run(binding.inputs(), binding.outputs()).close();
                return null;
              });
    } catch (OrtException e) {
      throw new InferenceException(
          "%s failed on a micro-batch of %d: %s"
              .formatted(stage.label(), batch.size(), e.getMessage()),
          e);
    } catch (Exception e) {
      throw new InferenceException(stage.label() + " failed", e);
    }
  }

  @Override
  public ServiceCurve serviceCurve(Duration within, int maxSize) throws InferenceException {
    return shared.curve(new SharedSessions.Sizes(within, maxSize), () -> measure(within, maxSize));
  }

  /**
   * Tries all sizes in turn, pass after pass, so that a slow moment of the machine does not fall on
   * one size alone.
   */
  private ServiceCurve measure(Duration within, int maxSize) throws InferenceException {
    List<MicroBatch> sizes = new ArrayList<>();
    try {
      long[] best = new long[Integer.SIZE];
      double bestPerImage = Double.MAX_VALUE;
      boolean hopeless = false;
      for (int size = 1; size <= maxSize && !hopeless; size *= 2) {
        MicroBatch batch = zeros(size);
        sizes.add(batch);
        run(batch);
        long nanos = time(batch);
        best[sizes.size() - 1] = nanos;
        hopeless = nanos > HOPELESS * within.toNanos() || nanos > HOPELESS * size * bestPerImage;
        bestPerImage = Math.min(bestPerImage, (double) nanos / size);
      }
      for (int pass = 1; pass < PASSES; pass++) {
        for (int i = 0; i < sizes.size(); i++) {
          best[i] = Math.min(best[i], time(sizes.get(i)));
        }
      }
      return new ServiceCurve(
          sizes.stream().mapToInt(MicroBatch::size).toArray(), Arrays.copyOf(best, sizes.size()));
    } finally {
      sizes.forEach(MicroBatch::close);
    }
  }

  private MicroBatch zeros(int size) {
    MicroBatch batch = allocate(size);
    Features zeros = Features.allocate(stage.inputs());
    for (int i = 0; i < size; i++) {
      batch.append(zeros);
    }
    return batch;
  }

  private long time(MicroBatch batch) throws InferenceException {
    long start = System.nanoTime();
    run(batch);
    return System.nanoTime() - start;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      SharedSessions.release(shared);
    }
  }
}
