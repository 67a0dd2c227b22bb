package io.boostnet.image;

import org.bytedeco.opencv.global.opencv_core;

/** How OpenCV is loaded and set, wherever it is used. */
public final class OpenCv {

  /** JavaCPP's limit on the memory of the whole process; 0 is none. */
  static final String PROCESS_MEMORY = "org.bytedeco.javacpp.maxPhysicalBytes";

  private OpenCv() {}

  /**
   * Loads OpenCV; to be called before any class of it is touched. Any number of times, from any
   * thread.
   *
   * <p>JavaCPP refuses to allocate once the process, whoever owns its memory, has four times the
   * maximum heap: networks and RocksDB count as well. That limit is lifted where nobody set
   * another. Images are small: OpenCV does not wake threads for one.
   *
   * @throws IllegalStateException with the remedy where its native libraries cannot be loaded
   */
  public static void load() {
    if (System.getProperty(PROCESS_MEMORY) == null) {
      System.setProperty(PROCESS_MEMORY, "0");
    }
    try {
      opencv_core.setNumThreads(1);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "OpenCV cannot be loaded (%s); it unpacks its native libraries into ~/.javacpp or, where that cannot be written, the temporary directory: name a directory with -Dorg.bytedeco.javacpp.cachedir"
              .formatted(e),
          e);
    }
  }
}
