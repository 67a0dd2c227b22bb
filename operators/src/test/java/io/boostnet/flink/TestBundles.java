package io.boostnet.flink;

import io.boostnet.flink.model.Cascade;
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
