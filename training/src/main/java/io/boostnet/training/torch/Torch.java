package io.boostnet.training.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/** The libtorch library of this process: where it runs and on how many threads. */
public final class Torch {

  private Torch() {}

  /**
   * A root for tensors; closing it frees them all. The first call loads libtorch, which takes about
   * a second.
   *
   * @param device {@code cpu}, or {@code cuda} for the first GPU
   * @throws IllegalArgumentException if libtorch here has no such device
   */
  public static NDManager open(String device) {
    Engine engine = Engine.getEngine("PyTorch");
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
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(threads);
  }

  /** Version of libtorch. */
  public static String version() {
    return Engine.getEngine("PyTorch").getVersion();
  }
}
