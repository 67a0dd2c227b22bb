package io.boostnet.training.data;

import io.boostnet.image.ImageWriter;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Small data sets in the official layouts, with random pixels. */
public final class DataFixtures {

  private DataFixtures() {}

  /** A CIFAR-100 folder with three classes; the label of image i is i modulo 3. */
  public static Path cifar100(Path folder, int train, int test) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("fine_label_names.txt"), "apple\nbee\ncamel\n");
    Files.write(folder.resolve("train.bin"), cifarRecords(2, train, 1));
    Files.write(folder.resolve("test.bin"), cifarRecords(2, test, 2));
    return folder;
  }

  static byte[] cifarRecords(int labelBytes, int count, long seed) {
    Random random = new Random(seed);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] planes = new byte[3072];
    for (int i = 0; i < count; i++) {
      if (labelBytes == 2) {
        out.write(99);
      }
      out.write(i % 3);
      random.nextBytes(planes);
      out.writeBytes(planes);
    }
    return out.toByteArray();
  }

  /** Packs the files of a folder as the official archive does, under a top folder. */
  static Path tarGz(Path folder, Path archive) throws IOException {
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(file));
        var children = Files.list(folder)) {
      for (Path child : children.sorted().toList()) {
        tar.putArchiveEntry(new TarArchiveEntry(child, "cifar-100-binary/" + child.getFileName()));
        Files.copy(child, tar);
        tar.closeArchiveEntry();
      }
    }
    return archive;
  }

  /**
   * Tracks of PNG frames: per class so many tracks of {@code frames} frames, sized height x width.
   */
  public static Path tracks(
      Path root, List<Integer> tracksPerClass, int frames, int height, int width)
      throws IOException {
    Random random = new Random(3);
    byte[] planes = new byte[3 * height * width];
    for (int c = 0; c < tracksPerClass.size(); c++) {
      Path folder = Files.createDirectories(root.resolve(String.format("%02d", c)));
      for (int t = 0; t < tracksPerClass.get(c); t++) {
        for (int f = 0; f < frames; f++) {
          random.nextBytes(planes);
          Files.write(
              folder.resolve(String.format("%05d_%05d.png", t, f)),
              ImageWriter.png(planes, 0, height, width));
        }
      }
    }
    return root;
  }
}
