package io.boostnet.image;

import java.util.ArrayList;
import java.util.List;

/**
 * What the markers or chunks of an image tell, in one walk that decodes nothing. A decoder may fill
 * what is missing with grey and report success; here it shows.
 */
final class Structure {

  /** Claimed width in pixels; -1 where the walk ended before it. */
  long width = -1;

  /** Claimed height in pixels; -1 where the walk ended before it. */
  long height = -1;

  /** Whether everything is there, up to the end mark. */
  boolean whole;

  /** What breaks the format's rules and holds no pixel, in words; null where nothing does. */
  String flaw;

  private final List<int[]> left = new ArrayList<>(0);

  /** Notes bytes that hold no pixel and are to be left out. */
  void leaveOut(int from, int to, String why) {
    left.add(new int[] {from, to});
    flaw = flaw == null ? why : flaw.contains(why) ? flaw : flaw + ", " + why;
  }

  /** The image without what was left out, as every decoder reads it without a warning. */
  byte[] clean(byte[] image) {
    if (left.isEmpty()) {
      return image;
    }
    int length = image.length - left.stream().mapToInt(range -> range[1] - range[0]).sum();
    byte[] clean = new byte[length];
    int from = 0;
    int to = 0;
    for (int[] range : left) {
      System.arraycopy(image, from, clean, to, range[0] - from);
      to += range[0] - from;
      from = range[1];
    }
    System.arraycopy(image, from, clean, to, image.length - from);
    return clean;
  }

  static int int32(byte[] bytes, int at) {
    return bytes[at] << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }
}
