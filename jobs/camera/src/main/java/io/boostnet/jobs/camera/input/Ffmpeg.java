package io.boostnet.jobs.camera.input;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import io.boostnet.image.OpenCv;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.javacpp.BytePointer;

/** How ffmpeg's libraries are loaded and set, and what their error codes mean. */
final class Ffmpeg {

  private static final int LONGEST_ERROR = 128;

  private Ffmpeg() {}

  /**
   * Loads ffmpeg and OpenCV; any number of times, from any thread. ffmpeg's own log is switched
   * off: a damaged stream would fill the screen with what is counted here.
   *
   * @throws IllegalStateException with the remedy where the native libraries cannot be loaded
   */
  static void load() {
    OpenCv.load();
    try {
      av_log_set_level(AV_LOG_QUIET);
      avformat.avformat_network_init();
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "ffmpeg cannot be loaded (%s); it unpacks its native libraries into ~/.javacpp or, where that cannot be written, the temporary directory: name a directory with -Dorg.bytedeco.javacpp.cachedir"
              .formatted(e),
          e);
    }
  }

  /** What an error code says. */
  static String error(int code) {
    try (BytePointer text = new BytePointer(LONGEST_ERROR)) {
      av_strerror(code, text, LONGEST_ERROR);
      return text.getString();
    }
  }
}
