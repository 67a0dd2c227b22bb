package io.boostnet.jobs.demo;

import io.boostnet.jobs.camera.config.CameraConfig;
import io.boostnet.jobs.camera.config.Zone;
import io.boostnet.jobs.camera.input.FrameInput;
import io.boostnet.jobs.evaluate.TrueChange;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Frames of a {@link SignVideo}, as {@code camera} cuts them out of its pictures, each with the
 * class that it truly shows.
 *
 * @param frames zone by zone, in the order of the pictures
 * @param truth what each zone shows
 */
record LabelledVideo(List<ImageFrame> frames, Map<String, List<TrueChange>> truth) {

  private static final String CAMERA = "video";
  private static final List<String> ZONES = List.of("left", "right");

  /**
   * Makes the video of all tracks, and reads it.
   *
   * @param tracks two at least, of two classes at least
   */
  static LabelledVideo of(List<SignTrack> tracks, long seed) throws IOException {
    List<List<SignTrack>> dealt =
        SignTrack.deal(tracks, ZONES.size(), tracks.size() / ZONES.size(), new Random(seed));
    Map<String, List<TrueChange>> truth = SignVideo.truth(CAMERA, ZONES, dealt);
    Path file = Files.createTempFile("boostnet-video-", ".mp4");
    try {
      SignVideo.write(dealt, file);
      Map<String, List<ImageFrame>> frames = read(file, truth);
      frames.forEach(
          (zone, seen) ->
              truth.computeIfPresent(
                  zone,
                  (name, all) -> all.stream().filter(it -> it.from() < seen.size()).toList()));
      return new LabelledVideo(frames.values().stream().flatMap(List::stream).toList(), truth);
    } finally {
      Files.delete(file);
    }
  }

  private static Map<String, List<ImageFrame>> read(Path file, Map<String, List<TrueChange>> truth)
      throws IOException {
    Map<String, Zone> zones = new LinkedHashMap<>();
    Map<String, List<ImageFrame>> frames = new LinkedHashMap<>();
    for (int place = 0; place < ZONES.size(); place++) {
      zones.put(CAMERA + "/" + ZONES.get(place), SignVideo.zone(place));
      frames.put(CAMERA + "/" + ZONES.get(place), new ArrayList<>());
    }
    try (FrameInput input = CameraConfig.of(file.toString()).toInput()) {
      input.open();
      for (long picture = 0; input.advance(); picture++) {
        for (Map.Entry<String, Zone> zone : zones.entrySet()) {
          var image = input.part(zone.getValue().box());
          frames
              .get(zone.getKey())
              .add(
                  ImageFrame.newBuilder()
                      .setSourceId(zone.getKey())
                      .setSequence(picture)
                      .setTimestampMs(picture * 1_000 / SignVideo.FRAMES_PER_SECOND)
                      .setContentType(image.contentType())
                      .setImage(ByteBuffer.wrap(image.bytes()))
                      .setLabel(shown(truth.get(zone.getKey()), picture).label())
                      .build());
        }
      }
    }
    return frames;
  }

  private static TrueChange shown(List<TrueChange> changes, long picture) {
    return changes.stream().filter(change -> picture < change.until()).findFirst().orElseThrow();
  }

  /**
   * Names the object that a frame shows, as a detector would: by its zone and its first picture.
   */
  String object(String source, long picture) {
    return source + "#" + shown(truth.get(source), picture).from();
  }
}
