package io.boostnet.training.torch;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The switch for oneDNN in the libtorch of this process, as {@code torch.backends.mkldnn.enabled}
 * is in Python. DJL has none, so that the functions of the library are called by their names; on
 * Linux alone, where the loaded library is found in {@code /proc}.
 *
 * <p>NNPACK, which libtorch takes for some convolutions where oneDNN is off, goes with it: where a
 * processor's cache properties read as zeroes it cannot be initialised, and libtorch says so in a
 * line for every convolution.
 */
final class OneDnn {

  private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final String CONTEXT = "_ZN2at13globalContextEv";
  private static final List<String> SWITCHES =
      List.of("_ZN2at7Context20setUserEnabledMkldnnEb", "_ZN2at7Context20setUserEnabledNNPACKEb");

  private OneDnn() {}

  /**
   * Switches it on or off.
   *
   * @return whether it could be switched
   */
  static boolean enable(boolean enabled) {
    try {
      Optional<String> file = library();
      if (file.isEmpty()) {
        return false;
      }
      NativeLibrary library = NativeLibrary.getInstance(file.get());
      Pointer context = library.getFunction(CONTEXT).invokePointer(new Object[0]);
      for (String name : SWITCHES) {
        library.getFunction(name).invokeVoid(new Object[] {context, (byte) (enabled ? 1 : 0)});
      }
      return true;
    } catch (IOException | UnsatisfiedLinkError e) {
      LOG.warn("oneDNN of libtorch cannot be switched here: {}", e.getMessage());
      return false;
    }
  }

  private static Optional<String> library() throws IOException {
    if (!Files.isReadable(MAPS)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(MAPS)) {
      return lines
          .filter(line -> line.endsWith("/libtorch_cpu.so"))
          .map(line -> line.substring(line.indexOf('/')))
          .findFirst();
    }
  }
}
