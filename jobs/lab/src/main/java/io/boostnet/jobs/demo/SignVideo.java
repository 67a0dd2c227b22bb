package io.boostnet.jobs.demo;

import io.boostnet.image.BadImageException;
import io.boostnet.image.ImageLimits;
import io.boostnet.image.ImageReader;
import io.boostnet.image.Resize;
import io.boostnet.jobs.camera.config.Zone;
import io.boostnet.jobs.camera.input.Box;
import io.boostnet.jobs.camera.input.FfmpegProgram;
import io.boostnet.jobs.evaluate.TrueChange;
import io.boostnet.schema.ImageFrame;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A video whose content is known: in each zone one sign after the other, every frame of its track
 * shown once; around them a background that moves. H.264 in MP4.
 */
final class SignVideo {

  static final int WIDTH = 320;
  static final int HEIGHT = 240;
  static final int FRAMES_PER_SECOND = 10;
  private static final int SIGN = 64;

  /** Where signs are, in the order in which zones are given. */
  private static final List<int[]> PLACES = List.of(new int[] {24, 40}, new int[] {216, 132});

  private SignVideo() {}

  /** The zone of a place. */
  static Zone zone(int place) {
    return Zone.of(PLACES.get(place)[0], PLACES.get(place)[1], SIGN, SIGN);
  }

  /**
   * Makes one.
   *
   * @param zones tracks of each place
   */
  static void write(List<List<SignTrack>> zones, Path file) throws IOException {
    List<List<ImageFrame>> shown =
        zones.stream()
            .map(tracks -> tracks.stream().flatMap(track -> track.frames().stream()).toList())
            .toList();
    int frames = shown.stream().mapToInt(List::size).min().orElseThrow();
    Process encoder =
        FfmpegProgram.start(
            null,
            List.of(
                "-f",
                "rawvideo",
                "-pix_fmt",
                "bgr24",
                "-s",
                WIDTH + "x" + HEIGHT,
                "-r",
                String.valueOf(FRAMES_PER_SECOND),
                "-i",
                "-",
                "-c:v",
                "libopenh264",
                "-b:v",
                "4M",
                "-g",
                "10",
                file.toString()));
    byte[] picture = new byte[3 * WIDTH * HEIGHT];
    try (OutputStream out = new BufferedOutputStream(encoder.getOutputStream());
        ImageReader reader = new ImageReader(Resize.stretch(SIGN, SIGN), ImageLimits.DEFAULT)) {
      for (int at = 0; at < frames; at++) {
        paintBackground(picture, at);
        for (int place = 0; place < shown.size(); place++) {
          paintSign(picture, zone(place).box(), shown.get(place).get(at), reader);
        }
        out.write(picture);
      }
    }
    await(encoder, file);
  }

  private static void await(Process encoder, Path file) throws IOException {
    try {
      if (encoder.waitFor() != 0) {
        throw new IOException("ffmpeg could not write " + file);
      }
    } catch (InterruptedException e) {
      encoder.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing " + file, e);
    }
  }

  /** Slanted waves that move, in greys and greens. */
  private static void paintBackground(byte[] picture, int at) {
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int wave = (x + 2 * y + 5 * at) & 127;
        int level = 60 + (wave < 64 ? wave : 127 - wave);
        int pixel = 3 * (y * WIDTH + x);
        picture[pixel] = (byte) level;
        picture[pixel + 1] = (byte) (level + ((x - 3 * at) >> 4 & 15));
        picture[pixel + 2] = (byte) level;
      }
    }
  }

  private static void paintSign(byte[] picture, Box box, ImageFrame sign, ImageReader reader)
      throws IOException {
    byte[] image = new byte[sign.getImage().remaining()];
    sign.getImage().duplicate().get(image);
    try {
      reader.read(image);
    } catch (BadImageException e) {
      throw new IOException("a frame of " + sign.getSourceId() + " is no image", e);
    }
    for (int row = 0; row < box.height(); row++) {
      System.arraycopy(
          reader.pixels(),
          3 * row * box.width(),
          picture,
          3 * ((box.top() + row) * WIDTH + box.left()),
          3 * box.width());
    }
  }

  /**
   * What is to be seen: by source, the changes in their order.
   *
   * @param camera its name
   * @param names of its zones, in the order of the places
   */
  static Map<String, List<TrueChange>> truth(
      String camera, List<String> names, List<List<SignTrack>> zones) {
    Map<String, List<TrueChange>> truth = new LinkedHashMap<>();
    for (int place = 0; place < zones.size(); place++) {
      List<TrueChange> changes = new ArrayList<>();
      long at = 0;
      for (SignTrack track : zones.get(place)) {
        changes.add(new TrueChange(track.label(), at, at + track.frames().size()));
        at += track.frames().size();
      }
      truth.put(camera + "/" + names.get(place), changes);
    }
    return truth;
  }
}
