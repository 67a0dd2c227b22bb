package io.boostnet.flink.inference.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.model.Stage;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where sessions run and with which settings. Thread-safe; closed with the last session.
 *
 * <p>Processor: one intra-op thread, and the call runs on the calling thread, since slots are the
 * parallelism. GPU: all calls come from one thread of the device, because its memory grows with
 * every thread that calls; kernels are chosen by heuristic, because an exhaustive search costs half
 * a second for every new batch size.
 */
final class Provider implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Provider.class);

  /**
   * Where weights that a model keeps outside of itself are looked for: nowhere. ONNX Runtime would
   * take them from the working directory, whatever lies there.
   */
  private static final String NO_OTHER_FILES = "/no-files-beside-the-model-in-a-bundle";

  private final Device device;
  private final boolean fellBack;
  private final ExecutorService runner;

  Provider(Device device, boolean fellBack) {
    this.device = device;
    this.fellBack = fellBack;
    this.runner =
        device.kind() == Device.Kind.CUDA
            ? Executors.newSingleThreadExecutor(
                task -> {
                  Thread thread = new Thread(task, "boostnet-" + device);
                  thread.setDaemon(true);
                  return thread;
                })
            : null;
  }

  /**
   * Resolves a device.
   *
   * @throws InferenceException where a GPU was asked for and cannot be used
   */
  static Provider of(Device wanted) throws InferenceException {
    requireLibrary();
    if (wanted.kind() == Device.Kind.CPU) {
      return new Provider(Device.CPU, false);
    }
    Device gpu = new Device(Device.Kind.CUDA, wanted.index());
    try {
      options(gpu).close();
      return new Provider(gpu, false);
    } catch (OrtException e) {
      if (wanted.kind() == Device.Kind.CUDA) {
        throw new InferenceException(
            "device is %s, and it cannot be used (%s); use the onnxruntime_gpu jar on a machine with CUDA, or set device to auto or cpu"
                .formatted(wanted, firstLine(e)),
            e);
      }
      LOG.info("No GPU can be used, inference runs on the processor: {}", firstLine(e));
      return new Provider(Device.CPU, true);
    }
  }

  /** It unpacks into the temporary directory even what {@code onnxruntime.native.path} names. */
  private static void requireLibrary() throws InferenceException {
    try {
      OrtEnvironment.getEnvironment();
    } catch (LinkageError e) {
      throw new InferenceException(
          "ONNX Runtime cannot be loaded (%s): it needs a temporary directory that can be written, also where onnxruntime.native.path is set, and %s cannot be used; name another with -Djava.io.tmpdir, where native code may be run from"
              .formatted(cause(e), System.getProperty("java.io.tmpdir")),
          e);
    }
  }

  private static Throwable cause(Throwable e) {
    return e.getCause() == null ? e : cause(e.getCause());
  }

  /** Whether a GPU was looked for in vain. */
  boolean fellBack() {
    return fellBack;
  }

  /** Whether batches are rounded up to few sizes. */
  boolean buckets() {
    return device.kind() == Device.Kind.CUDA;
  }

  OrtSession load(Stage stage, byte[] model) throws InferenceException {
    try (SessionOptions options = options(device)) {
      return OrtEnvironment.getEnvironment().createSession(model, options);
    } catch (OrtException e) {
      if (e.getMessage().contains(NO_OTHER_FILES)) {
        throw new InferenceException(
            "%s keeps weights in a file of its own, which a bundle has no place for; write the model with all its weights in it and export the bundle again"
                .formatted(stage.file()),
            e);
      }
      throw new InferenceException(
          "%s cannot be loaded on %s: %s; export the bundle again"
              .formatted(stage.file(), device, firstLine(e)),
          e);
    }
  }

  /**
   * Runs a call where this device wants it, and waits for it to end. An interrupt, as Flink sends
   * to cancel a task, stays set and does not cut the wait short: the call cannot be stopped, and
   * until it ends it uses the caller's tensors.
   */
  void call(Callable<Void> call) throws Exception {
    if (runner == null) {
      call.call();
      return;
    }
    try {
      await(runner.submit(call));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static void await(Future<Void> running) throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          running.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static SessionOptions options(Device device) throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", NO_OTHER_FILES);
      if (device.kind() == Device.Kind.CUDA) {
        options.setMemoryPatternOptimization(false);
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.index())) {
          cuda.add("cudnn_conv_algo_search", "HEURISTIC");
          cuda.add("arena_extend_strategy", "kSameAsRequested");
          options.addCUDA(cuda);
        }
      }
      return options;
    } catch (OrtException e) {
      options.close();
      throw e;
    }
  }

  private static String firstLine(OrtException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  @Override
  public void close() {
    if (runner != null) {
      runner.shutdown();
    }
  }

  @Override
  public String toString() {
    return device.toString();
  }
}
