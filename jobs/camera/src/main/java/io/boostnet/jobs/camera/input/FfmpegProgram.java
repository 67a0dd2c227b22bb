package io.boostnet.jobs.camera.input;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;

/**
 * The program ffmpeg of the same jar as the libraries, for what stands in for a camera: tests and
 * the demo. Its processes are the caller's.
 */
public final class FfmpegProgram {

  private FfmpegProgram() {}

  /**
   * Starts it; what it complains of goes to a file, or nowhere.
   *
   * @param log null for nowhere
   */
  public static Process start(Path log, List<String> arguments) throws IOException {
    Path program = Path.of(Loader.load(ffmpeg.class));
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("-nostdin", "-hide_banner", "-v", "error", "-y"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", program.getParent().toString());
    builder.redirectOutput(
        log == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.to(log.toFile()));
    return builder.start();
  }

  /**
   * Runs it to its end.
   *
   * @throws IOException where it fails, or takes longer than a minute
   */
  public static void run(String... arguments) throws IOException {
    Process process = start(null, List.of(arguments));
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("ffmpeg failed: " + String.join(" ", arguments));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ffmpeg ran", e);
    }
  }
}
