package io.boostnet.jobs.trial;

import io.boostnet.image.BadImageException;
import io.boostnet.image.ImageLimits;
import io.boostnet.image.ImageReader;
import io.boostnet.image.Resize;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * A frame file of still cameras: each shows one image of another frame file for a while, with fresh
 * noise in every frame, as a sensor has it, and then the next one.
 *
 * @param cameras how many
 * @param shown images that each of them shows in all
 * @param hold frames for which it shows one
 * @param noise standard deviation of a pixel, in levels of 255
 */
record StillFrames(int cameras, int shown, int hold, double noise) {

  private static final String PLANES = "image/x-rgb-planes";

  long frames() {
    return (long) cameras * shown * hold;
  }

  /**
   * Writes the file.
   *
   * @param images where the images are taken from, from tracks as far apart as can be
   * @param height height of the frames, in pixels
   */
  void write(Path images, int height, int width, Path to) {
    List<ImageFrame> all = spread(images);
    Random random = new Random(7);
    try (ImageReader reader = new ImageReader(Resize.stretch(height, width), ImageLimits.DEFAULT);
        DataFileWriter<ImageFrame> file =
            new DataFileWriter<>(new SpecificDatumWriter<>(ImageFrame.class))) {
      file.create(ImageFrame.getClassSchema(), to.toFile());
      byte[] planes = new byte[3 * height * width];
      for (int sequence = 0; sequence < shown * hold; sequence++) {
        for (int camera = 0; camera < cameras; camera++) {
          ImageFrame image = all.get(camera * shown + sequence / hold);
          reader.read(image.getImage().array());
          reader.copyPlanes(planes, 0);
          file.append(
              ImageFrame.newBuilder()
                  .setSourceId("camera-" + camera)
                  .setSequence(sequence)
                  .setTimestampMs(0)
                  .setContentType(PLANES)
                  .setImage(ByteBuffer.wrap(noisy(planes, random)))
                  .setHeight(height)
                  .setWidth(width)
                  .setLabel(image.getLabel())
                  .build());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (BadImageException e) {
      throw new IllegalStateException("an image of " + images + " cannot be read", e);
    }
  }

  private List<ImageFrame> spread(Path images) {
    long step = Math.max(1, FrameFile.count(images) / ((long) cameras * shown));
    List<ImageFrame> taken = new ArrayList<>();
    try (FrameFile file = FrameFile.open(images)) {
      for (long i = 0; file.hasNext() && taken.size() < cameras * shown; i++) {
        ImageFrame frame = file.next();
        if (i % step == 0) {
          taken.add(frame);
        }
      }
    }
    return taken;
  }

  private byte[] noisy(byte[] planes, Random random) {
    byte[] noisy = new byte[planes.length];
    for (int i = 0; i < planes.length; i++) {
      long level = Math.round((planes[i] & 0xff) + noise * random.nextGaussian());
      noisy[i] = (byte) Math.max(0, Math.min(255, level));
    }
    return noisy;
  }
}
