package io.boostnet.flink;

import io.boostnet.flink.codec.FrameRecords;
import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.options.Limits;
import io.boostnet.schema.ExitEvidence;
import io.boostnet.schema.ImageFrame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/** The bundle of the tests, a 3-exit MSDNet with random weights, and images for it. */
public final class TestBundles {

  private TestBundles() {}

  /** Directory of the bundle. */
  public static Path random() {
    try {
      return Path.of(TestBundles.class.getResource("/bundles/random").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A copy of the bundle that a test may damage. */
  public static Path copyTo(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(random())) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName().toString()));
      }
    }
    return directory;
  }

  /**
   * A copy of the bundle with calibration evidence of some frames, in which the last exit is always
   * right, so that depth is worth its cost.
   */
  public static Path withEvidence(Path directory, List<ImageFrame> frames) throws Exception {
    copyTo(directory);
    ModelBundle bundle = ModelBundle.read(directory.toString());
    Features image = Features.allocate(bundle.cascade().stages().get(0).inputs());
    List<StageRunner> runners = new ArrayList<>();
    List<MicroBatch> batches = new ArrayList<>();
    for (Stage stage : bundle.cascade().stages()) {
      runners.add(bundle.stage(stage, Device.CPU).open());
      batches.add(runners.get(runners.size() - 1).allocate(1));
    }
    try (FrameDecoder<ImageFrame> decoder =
            FrameRecords.ofFrames(bundle.cascade().preprocessing(), Limits.DEFAULT);
        DataFileWriter<ExitEvidence> out =
            new DataFileWriter<>(new SpecificDatumWriter<>(ExitEvidence.class))) {
      decoder.open();
      out.create(ExitEvidence.getClassSchema(), directory.resolve("calibration.avro").toFile());
      for (ImageFrame frame : frames) {
        decoder.decode(frame, image);
        List<Float> confidences = new ArrayList<>();
        List<Integer> predicted = new ArrayList<>();
        Features features = image;
        for (int i = 0; i < runners.size(); i++) {
          batches.get(i).clear();
          batches.get(i).append(features);
          runners.get(i).run(batches.get(i));
          Confidence confidence =
              Confidence.of(batches.get(i).logits(), 0, bundle.cascade().classes());
          confidences.add(confidence.value());
          predicted.add(confidence.label());
          features = batches.get(i).carried(0);
        }
        out.append(new ExitEvidence(predicted.get(predicted.size() - 1), confidences, predicted));
      }
    } finally {
      batches.forEach(MicroBatch::close);
      runners.forEach(StageRunner::close);
    }
    return directory;
  }

  /** The cascade of the bundle. */
  public static Cascade cascade() {
    return ModelBundle.read(random().toString()).cascade();
  }

  /** Images of coarse noise, each another, as PNG frames of one source. */
  public static List<ImageFrame> frames(int count) {
    Random random = new Random(11);
    List<ImageFrame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(
          ImageFrame.newBuilder()
              .setSourceId("camera")
              .setSequence(i)
              .setTimestampMs(1_000 + i)
              .setContentType("image/png")
              .setImage(ByteBuffer.wrap(png(random)))
              .setLabel(i % 10)
              .build());
    }
    return frames;
  }

  private static byte[] png(Random random) {
    int cells = 1 + random.nextInt(16);
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    int[] colours = random.ints((long) cells * cells).toArray();
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        image.setRGB(x, y, colours[y * cells / 32 * cells + x * cells / 32]);
      }
    }
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(image, "png", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
