package io.boostnet.training.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Platform;
import io.boostnet.training.input.BadInputException;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The libtorch library of this process: where it runs and on how many threads. Its convolutions are
 * tested once, before anything is computed with it, and cured where they are wrong.
 */
public final class Torch {

  private static final Logger LOG = LoggerFactory.getLogger(Torch.class);

  /**
   * Switching oneDNN off cost a training step of the 4-exit MSDNet 18 % of its images/s. The other
   * cure has to be in the environment before libtorch is loaded: 0.73 of these images/s for that
   * network, and 3.6 times them for a ResNet-20, whose first maps are wide.
   */
  private static final List<SelfTest.Cure> CURES =
      List.of(
          new SelfTest.Cure(
              "oneDNN off",
              "about a fifth of an MSDNet's speed and most of a ResNet's: train a ResNet with"
                  + " ONEDNN_MAX_CPU_ISA=SSE41 in the environment",
              () -> OneDnn.enable(false)));

  /** Shared by the threads that compute; taken for good, and alone, when the process ends. */
  private static final ReadWriteLock COMPUTING = new ReentrantReadWriteLock();

  /** The cure that libtorch needed here, empty for none; null before the test. */
  private static String cure;

  private Torch() {}

  /** libtorch after its test. */
  private static synchronized Engine engine() {
    requireLibrary();
    Engine engine = Engine.getEngine("PyTorch");
    if (cure == null) {
      cure = SelfTest.run(new TorchConvolution(engine), CURES, LOG::warn);
      Runtime.getRuntime().addShutdownHook(new Thread(COMPUTING.writeLock()::lock, "libtorch-end"));
    }
    return engine;
  }

  /** DJL would look for the library on the network. */
  private static void requireLibrary() {
    if (System.getenv("PYTORCH_LIBRARY_PATH") == null
        && Platform.detectPlatform("pytorch").isPlaceholder()) {
      throw BadInputException.of(
          "There is no libtorch for %s on %s: train, export and import need Linux on x86-64 or arm64, or macOS on arm64.",
          System.getProperty("os.name"), System.getProperty("os.arch"));
    }
  }

  /**
   * A root for tensors; closing it frees them all. The first call loads libtorch, which takes about
   * a second.
   *
   * @param device {@code cpu}, or {@code cuda} for the first GPU
   * @throws IllegalArgumentException if libtorch here has no such device
   * @throws io.boostnet.training.input.BadInputException if libtorch computes wrongly here
   */
  public static NDManager open(String device) {
    Engine engine = engine();
    return switch (device) {
      case "cpu" -> engine.newBaseManager(Device.cpu());
      case "cuda" -> {
        if (engine.getGpuCount() == 0) {
          throw new IllegalArgumentException(
              "device is cuda, but libtorch sees no GPU: use cpu, or put the CUDA build of pytorch-native on the class path");
        }
        yield engine.newBaseManager(Device.gpu());
      }
      default ->
          throw new IllegalArgumentException(
              "device is \"" + device + "\"; it must be cpu or cuda");
    };
  }

  /**
   * Threads that one operation may use, from now on and in the whole process; 1 makes results
   * repeat exactly.
   */
  public static void setThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; it must be 1 or more");
    }
    engine();
    JniUtils.setNumThreads(threads);
  }

  /**
   * Runs a step of a computation that lasts, which the end of the process then waits for: a process
   * told to end (Ctrl-C) destroys libtorch's global objects, and crashes where a thread computes
   * with them.
   *
   * <p>Steps of several threads run beside each other. Once the end has begun a step does not
   * begin: its thread waits until the process is gone.
   *
   * @param step short, a batch or less; it may itself run steps, but not end the process
   * @return what the step gives; what it throws is thrown on
   */
  public static <T> T step(Supplier<T> step) {
    COMPUTING.readLock().lock();
    try {
      return step.get();
    } finally {
      COMPUTING.readLock().unlock();
    }
  }

  /** Version of libtorch, and with which cure it runs here, if it needs one. */
  public static synchronized String version() {
    String version = engine().getVersion();
    return cure.isEmpty() ? version : version + ", " + cure;
  }
}
