package io.boostnet.training.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Writes checkpoints as torch.save does, and changed copies of them. */
public final class TorchFixture {

  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  /** Begins a pickle: protocol 2. */
  TorchFixture() {
    raw(0x80, 2);
  }

  /** Operations as numbers. */
  TorchFixture raw(int... bytes) {
    for (int b : bytes) {
      pickle.write(b);
    }
    return this;
  }

  TorchFixture text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    raw('X').integerBytes(utf8.length);
    pickle.writeBytes(utf8);
    return this;
  }

  TorchFixture global(String module, String name) {
    raw('c');
    pickle.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  TorchFixture integer(int value) {
    return raw('J').integerBytes(value);
  }

  private TorchFixture integerBytes(int value) {
    pickle.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  /** A tensor of floats on a storage of its own, as {@code _rebuild_tensor_v2} writes it. */
  TorchFixture tensor(
      String key, int offset, int[] shape, int[] strides, int stated, float... storage) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * storage.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(storage);
    files.put("data/" + key, bytes.array());
    global("torch._utils", "_rebuild_tensor_v2").raw('(');
    raw('(').text("storage").global("torch", "FloatStorage").text(key).text("cpu").integer(stated);
    raw('t', 'Q').integer(offset).tuple(shape).tuple(strides).raw(0x89);
    return global("collections", "OrderedDict").raw(')', 'R', 't', 'R');
  }

  private TorchFixture tuple(int[] values) {
    raw('(');
    for (int value : values) {
      integer(value);
    }
    return raw('t');
  }

  /** Ends the pickle and writes the archive. */
  Path write(Path file) throws IOException {
    raw('.');
    files.put("data.pkl", pickle.toByteArray());
    writeArchive(file, files, ZipEntry.STORED);
    return file;
  }

  static void writeArchive(Path file, Map<String, byte[]> files, int method) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> content : files.entrySet()) {
        ZipEntry entry = new ZipEntry("archive/" + content.getKey());
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
          CRC32 checksum = new CRC32();
          checksum.update(content.getValue());
          entry.setSize(content.getValue().length);
          entry.setCrc(checksum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(content.getValue());
        zip.closeEntry();
      }
    }
  }

  /** The files of a checkpoint, by their name below its top folder. */
  static Map<String, byte[]> filesOf(Path checkpoint) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(checkpoint.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        try (InputStream in = zip.getInputStream(entry)) {
          files.put(entry.getName().substring(entry.getName().indexOf('/') + 1), in.readAllBytes());
        }
      }
    }
    return files;
  }

  /** A copy whose pickle has one text of the same length put for another. */
  public static Path tamper(Path checkpoint, String original, String replacement, Path target)
      throws IOException {
    Map<String, byte[]> files = filesOf(checkpoint);
    String pickle = new String(files.get("data.pkl"), StandardCharsets.ISO_8859_1);
    if (!pickle.contains(original) || original.length() != replacement.length()) {
      throw new IllegalArgumentException(original + " is not in the pickle, or of another length");
    }
    files.put(
        "data.pkl", pickle.replace(original, replacement).getBytes(StandardCharsets.ISO_8859_1));
    writeArchive(target, files, ZipEntry.STORED);
    return target;
  }
}
