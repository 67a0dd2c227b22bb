package io.boostnet.jobs.demo;

import io.boostnet.jobs.config.ConfigException;
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

  /**
   * All tracks of a labelled frame file, in its order: two at least, of two classes at least.
   *
   * @throws ConfigException where a frame has no label, a source has two, or all have one
   */
  static List<SignTrack> read(Path file) {
    Map<String, List<ImageFrame>> bySource = new LinkedHashMap<>();
    try (FrameFile frames = FrameFile.open(file)) {
      while (frames.hasNext()) {
        ImageFrame frame = frames.next();
        List<ImageFrame> track =
            bySource.computeIfAbsent(frame.getSourceId(), source -> new ArrayList<>());
        track.add(frame);
        requireLabel(file, frame, track.get(0));
      }
    }
    List<SignTrack> tracks =
        bySource.values().stream()
            .map(frames -> new SignTrack(frames.get(0).getLabel(), frames))
            .toList();
    if (tracks.stream().map(SignTrack::label).distinct().count() < 2) {
      throw unusable(
          file, "has tracks of class " + tracks.get(0).label() + " alone, and signs are to change");
    }
    return tracks;
  }

  private static void requireLabel(Path file, ImageFrame frame, ImageFrame first) {
    if (frame.getLabel() == null) {
      throw unusable(
          file,
          "has no label at frame " + frame.getSequence() + " of source " + frame.getSourceId());
    }
    if (!frame.getLabel().equals(first.getLabel())) {
      throw unusable(
          file,
          "has the labels %d and %d in source %s, which is no track of one object"
              .formatted(first.getLabel(), frame.getLabel(), frame.getSourceId()));
    }
  }

  private static ConfigException unusable(Path file, String what) {
    return new ConfigException(
        "--frames " + file + " " + what + "; give a file that 'frames --layout TRACKS' made.");
  }

  /**
   * Tracks for zones: no two of a class follow each other, and none is used again before all are,
   * unless those that are left are of one class.
   *
   * @param tracks of two classes at least
   * @param zones how many zones
   * @param each tracks of each
   */
  static List<List<SignTrack>> deal(List<SignTrack> tracks, int zones, int each, Random random) {
    List<SignTrack> rest = new ArrayList<>();
    List<List<SignTrack>> dealt = new ArrayList<>();
    for (int zone = 0; zone < zones; zone++) {
      List<SignTrack> shown = new ArrayList<>();
      while (shown.size() < each) {
        int before = shown.isEmpty() ? -1 : shown.get(shown.size() - 1).label();
        if (rest.size() < LEAST_TO_CHOOSE
            || rest.stream().allMatch(track -> track.label() == before)) {
          List<SignTrack> again = new ArrayList<>(tracks);
          Collections.shuffle(again, random);
          rest.addAll(again);
        }
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
