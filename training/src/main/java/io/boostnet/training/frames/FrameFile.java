package io.boostnet.training.frames;

import io.boostnet.schema.ImageFrame;
import io.boostnet.training.data.EncodedImage;
import io.boostnet.training.data.LabelledImages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * Writes images as a frame file: an Avro container of {@link ImageFrame} that the load generator,
 * the evaluation and the demo replay. The file appears under its name only when it is whole.
 */
final class FrameFile {

  private FrameFile() {}

  /**
   * Writes all images in their order.
   *
   * @param start event time of the first frame
   * @param framesPerSecond spacing of the event times, above 0
   * @param spread sources that the images of each source are dealt over, at least 1
   * @param progress told the number of frames written so far
   * @return how many of the images have a flaw, see {@link EncodedImage#flawed}
   */
  static int write(
      LabelledImages images,
      Path file,
      Instant start,
      double framesPerSecond,
      int spread,
      IntConsumer progress)
      throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".part");
    Map<String, Long> nextSequence = new HashMap<>();
    int flawed = 0;
    try (DataFileWriter<ImageFrame> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(ImageFrame.class))) {
      // Images are compressed already: no codec.
      writer.setMeta("boostnet.name", images.name());
      if (!images.classNames().isEmpty()) {
        writer.setMeta("boostnet.classes", String.join("\n", images.classNames()));
      }
      writer.create(ImageFrame.getClassSchema(), unfinished.toFile());
      for (int i = 0; i < images.size(); i++) {
        EncodedImage image = images.encoded(i);
        flawed += image.flawed() ? 1 : 0;
        String source = images.sourceId(i) + (spread == 1 ? "" : "-" + (1 + i % spread));
        long sequence = nextSequence.merge(source, 1L, Long::sum) - 1;
        writer.append(
            ImageFrame.newBuilder()
                .setSourceId(source)
                .setSequence(sequence)
                .setTimestampMs(start.toEpochMilli() + Math.round(i * 1000.0 / framesPerSecond))
                .setContentType(image.contentType())
                .setImage(ByteBuffer.wrap(image.bytes()))
                .setLabel(images.label(i) == LabelledImages.UNLABELLED ? null : images.label(i))
                .build());
        progress.accept(i + 1);
      }
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(unfinished);
      throw e;
    }
    Files.move(
        unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return flawed;
  }
}
