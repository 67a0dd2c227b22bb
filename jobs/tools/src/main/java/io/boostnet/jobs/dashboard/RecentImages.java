package io.boostnet.jobs.dashboard;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.image.ImageFormat;
import io.boostnet.schema.Prediction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Some of the latest images of every exit. Frames wait here for their prediction, the newest
 * {@value #WAITING_BYTES} bytes of them, which are 32 of the largest, and at most {@value
 * #WAITING_FRAMES}; of each exit the newest {@value #PER_EXIT} images are kept, without those that
 * have more than {@value #LARGEST_IN_STRIP} bytes: they are shown small. Not thread-safe.
 */
final class RecentImages {

  static final int PER_EXIT = 12;

  static final int WAITING_FRAMES = 10_000;

  /** As much as a topic takes by default: whole pictures of cameras. */
  static final int LARGEST_IMAGE = 1 << 20;

  static final int LARGEST_IN_STRIP = 256 << 10;

  private static final int WAITING_BYTES = 32 * LARGEST_IMAGE;

  private final Map<Key, EncodedFrame> waiting = new LinkedHashMap<>();
  private final List<Deque<Shown>> exits = new ArrayList<>();
  private long waitingBytes;
  private long version;

  private record Key(String sourceId, long sequence) {}

  /**
   * An image as the page shows it.
   *
   * @param image a data URI
   * @param label name of the predicted class
   * @param confidence of the prediction, 0..1
   * @param right whether the class is the true one; null where that is not known
   */
  record Shown(String image, String label, float confidence, Boolean right) {}

  /** A frame that a browser can show may be asked for soon. */
  void frame(EncodedFrame frame) {
    int bytes = frame.image().length;
    if (bytes == 0 || bytes > LARGEST_IMAGE || mimeType(frame) == null) {
      return;
    }
    EncodedFrame before =
        waiting.put(new Key(frame.frame().sourceId(), frame.frame().sequence()), frame);
    waitingBytes += bytes - (before == null ? 0 : before.image().length);
    var oldest = waiting.values().iterator();
    while (waitingBytes > WAITING_BYTES || waiting.size() > WAITING_FRAMES) {
      waitingBytes -= oldest.next().image().length;
      oldest.remove();
    }
  }

  /**
   * Takes the image of a prediction, where it is at hand.
   *
   * @return the image as a data URI; null where it is not
   */
  String predicted(Prediction prediction) {
    EncodedFrame frame =
        waiting.remove(new Key(prediction.getSourceId(), prediction.getSequence()));
    if (frame == null) {
      return null;
    }
    String image = uri(frame);
    waitingBytes -= frame.image().length;
    if (frame.image().length > LARGEST_IN_STRIP) {
      return image;
    }
    while (exits.size() < prediction.getExits()) {
      exits.add(new ArrayDeque<>());
    }
    Deque<Shown> strip = exits.get(prediction.getExit() - 1);
    strip.addFirst(
        new Shown(
            image,
            prediction.getLabelName(),
            prediction.getConfidence(),
            prediction.getTrueLabel() == null
                ? null
                : prediction.getTrueLabel() == prediction.getLabel()));
    if (strip.size() > PER_EXIT) {
      strip.removeLast();
    }
    version++;
    return image;
  }

  private static String uri(EncodedFrame frame) {
    return "data:"
        + mimeType(frame)
        + ";base64,"
        + Base64.getEncoder().encodeToString(frame.image());
  }

  /** As the content type or the bytes say; null for what is neither PNG nor JPEG. */
  private static String mimeType(EncodedFrame frame) {
    if (frame.contentType().equals("image/png") || frame.contentType().equals("image/jpeg")) {
      return frame.contentType();
    }
    return switch (ImageFormat.of(frame.image())) {
      case PNG -> "image/png";
      case JPEG -> "image/jpeg";
      default -> null;
    };
  }

  /** Grows with every change of {@link #strips}. */
  long version() {
    return version;
  }

  /** The images of every exit, newest first. */
  List<List<Shown>> strips() {
    return exits.stream().map(List::copyOf).toList();
  }
}
