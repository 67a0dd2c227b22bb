package io.boostnet.training.data;

import io.boostnet.training.input.BadInputException;
import io.boostnet.training.input.Sha256;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/**
 * Reads CIFAR-10 and CIFAR-100 in their official binary form: the unpacked folder, or the archive
 * as it is downloaded.
 */
final class CifarReader {

  /** The largest official file, train.bin of CIFAR-100, has 153.7 MB. */
  private static final long MAX_FILE_BYTES = 256L << 20;

  private static final List<String> CIFAR10_TRAIN =
      List.of(
          "data_batch_1.bin",
          "data_batch_2.bin",
          "data_batch_3.bin",
          "data_batch_4.bin",
          "data_batch_5.bin");

  private final Path path;
  private final Map<String, byte[]> files = new TreeMap<>();

  private CifarReader(Path path) {
    this.path = path;
  }

  /** Whether a folder looks like unpacked CIFAR binaries. */
  static boolean recognises(Path folder) {
    return Files.exists(folder.resolve("train.bin"))
        || Files.exists(folder.resolve("data_batch_1.bin"));
  }

  static DataSplits read(Path path, SplitPlan plan) {
    CifarReader reader = new CifarReader(path);
    try {
      if (Files.isDirectory(path)) {
        reader.readFolder();
      } else {
        reader.readArchive();
      }
    } catch (IOException e) {
      throw new BadInputException(
          path + " cannot be read as CIFAR data, it is damaged or truncated (" + e + ").", e);
    }
    return reader.splits(plan);
  }

  private void readFolder() throws IOException {
    try (var children = Files.list(path)) {
      for (Path child : children.sorted().toList()) {
        String name = child.getFileName().toString();
        if (name.endsWith(".bin") || name.endsWith(".txt")) {
          checkSize(name, Files.size(child));
          files.put(name, Files.readAllBytes(child));
        }
      }
    }
  }

  private void readArchive() throws IOException {
    try (var raw = new BufferedInputStream(Files.newInputStream(path));
        var plain =
            path.toString().endsWith(".tar")
                ? raw
                : new CompressorStreamFactory().createCompressorInputStream(raw);
        var tar = new TarArchiveInputStream(plain)) {
      TarArchiveEntry entry;
      while ((entry = tar.getNextEntry()) != null) {
        String name = Path.of(entry.getName()).getFileName().toString();
        if (entry.isFile() && (name.endsWith(".bin") || name.endsWith(".txt"))) {
          checkSize(name, entry.getSize());
          files.put(name, tar.readAllBytes());
        }
      }
    }
  }

  private void checkSize(String name, long bytes) {
    if (bytes > MAX_FILE_BYTES) {
      throw BadInputException.of(
          "%s in %s has %,d bytes, more than any CIFAR file: it is another data set.",
          name, path, bytes);
    }
  }

  private DataSplits splits(SplitPlan plan) {
    String name;
    CifarImages train;
    CifarImages test;
    if (files.containsKey("train.bin")) {
      name = "cifar100";
      List<String> classes = lines("fine_label_names.txt");
      train = new CifarImages("cifar100-train", what("train.bin"), classes, 2, file("train.bin"));
      test = new CifarImages("cifar100-test", what("test.bin"), classes, 2, file("test.bin"));
    } else if (files.containsKey(CIFAR10_TRAIN.get(0))) {
      name = "cifar10";
      List<String> classes = lines("batches.meta.txt");
      ByteArrayOutputStream batches = new ByteArrayOutputStream();
      CIFAR10_TRAIN.forEach(batch -> batches.writeBytes(file(batch)));
      train =
          new CifarImages(
              "cifar10-train", what("data_batch_*.bin"), classes, 1, batches.toByteArray());
      test =
          new CifarImages(
              "cifar10-test", what("test_batch.bin"), classes, 1, file("test_batch.bin"));
    } else {
      throw BadInputException.of(
          "%s holds neither train.bin (CIFAR-100) nor data_batch_1.bin (CIFAR-10): give the official binary archive"
              + " or the folder it unpacks to.",
          path);
    }
    StratifiedSplit split =
        StratifiedSplit.ofImages(train, new SplitPlan(plan.seed(), plan.validationShare(), 0));
    String checksum =
        Sha256.of(
            files.entrySet().stream()
                .filter(file -> file.getKey().endsWith(".bin"))
                .map(Map.Entry::getValue)
                .toArray(byte[][]::new));
    return new DataSplits(
        name,
        () -> checksum,
        train.select(name + "-train", split.train()),
        train.select(name + "-validation", split.validation()),
        test);
  }

  private byte[] file(String name) {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw BadInputException.of(
          "%s has no %s, only %s: it is incomplete.", path, name, files.keySet());
    }
    return bytes;
  }

  private List<String> lines(String name) {
    return new String(file(name), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  private String what(String name) {
    return name + " of " + path;
  }
}
