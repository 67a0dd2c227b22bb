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
import java.util.Arrays;

/** Runs a stage in a session that is shared with all other runners of the same model and device. */
public final class OnnxStageRunner implements StageRunner {

  /** A size is timed at least so often and so long; the best counts, since all else is noise. */
  private static final int REPEATS = 5;

  private static final long TIMED_NANOS = 25_000_000;

  /** A size whose time per image is above the best by this factor ends the search. */
  private static final double NO_GAIN = 1.15;

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
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceException(stage.label() + " was interrupted", e);
    } catch (Exception e) {
      throw new InferenceException(stage.label() + " failed", e);
    }
  }

  @Override
  public ServiceCurve serviceCurve(Duration within, int maxSize) throws InferenceException {
    return shared.curve(() -> measure(within, maxSize));
  }

  private ServiceCurve measure(Duration within, int maxSize) throws InferenceException {
    int[] sizes = new int[32];
    long[] nanos = new long[32];
    int count = 0;
    double best = Double.MAX_VALUE;
    Features zeros = Features.allocate(stage.inputs());
    for (int size = 1; size <= maxSize; size *= 2) {
      long time = time(size, zeros);
      sizes[count] = size;
      nanos[count++] = time;
      double perImage = (double) time / size;
      if (time > within.toNanos() || perImage > NO_GAIN * best) {
        break;
      }
      best = Math.min(best, perImage);
    }
    return new ServiceCurve(Arrays.copyOf(sizes, count), Arrays.copyOf(nanos, count));
  }

  private long time(int size, Features zeros) throws InferenceException {
    try (MicroBatch batch = allocate(size)) {
      for (int i = 0; i < size; i++) {
        batch.append(zeros);
      }
      run(batch);
      long best = Long.MAX_VALUE;
      long begin = System.nanoTime();
      long end = begin;
      for (int i = 0; i < REPEATS || end - begin < TIMED_NANOS; i++) {
        long start = end;
        run(batch);
        end = System.nanoTime();
        best = Math.min(best, end - start);
      }
      return Math.max(1, best);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      SharedSessions.release(shared);
    }
  }
}
