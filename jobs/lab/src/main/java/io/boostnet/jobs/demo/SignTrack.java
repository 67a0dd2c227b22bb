package io.boostnet.jobs.demo;

import io.boostnet.jobs.files.FrameFile;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One sign as a camera came closer.
 *
 * @param label its class
 * @param frames in their order
 */
record SignTrack(int label, List<ImageFrame> frames) {

  /** So many are left, as a rule, that one of another class is among them. */
  private static final int LEAST_TO_CHOOSE = 10;

  /** The same that stays for some pictures as it was seen last. */
  SignTrack held(int pictures) {
    List<ImageFrame> longer = new ArrayList<>(frames);
    longer.addAll(Collections.nCopies(pictures, frames.get(frames.size() - 1)));
    return new SignTrack(label, longer);
  }

  /** All tracks of a labelled frame file, in its order. */
  static List<SignTrack> read(Path file) {
    Map<String, List<ImageFrame>> bySource = new LinkedHashMap<>();
    try (FrameFile frames = FrameFile.open(file)) {
      while (frames.hasNext()) {
        ImageFrame frame = frames.next();
        bySource.computeIfAbsent(frame.getSourceId(), source -> new ArrayList<>()).add(frame);
      }
    }
    return bySource.values().stream()
        .map(frames -> new SignTrack(frames.get(0).getLabel(), frames))
        .toList();
  }

  /**
   * Tracks for zones: no two of a class follow each other, and none is used again before all are.
   *
   * @param zones how many zones
   * @param each tracks of each
   */
  static List<List<SignTrack>> deal(List<SignTrack> tracks, int zones, int each, Random random) {
    List<SignTrack> rest = new ArrayList<>();
    List<List<SignTrack>> dealt = new ArrayList<>();
    for (int zone = 0; zone < zones; zone++) {
      List<SignTrack> shown = new ArrayList<>();
      while (shown.size() < each) {
        if (rest.size() < LEAST_TO_CHOOSE) {
          List<SignTrack> again = new ArrayList<>(tracks);
          Collections.shuffle(again, random);
          rest.addAll(again);
        }
        int before = shown.isEmpty() ? -1 : shown.get(shown.size() - 1).label();
        SignTrack next =
            rest.stream().filter(track -> track.label() != before).findFirst().orElseThrow();
        rest.remove(next);
        shown.add(next);
      }
      dealt.add(shown);
    }
    return dealt;
  }
}
