package io.boostnet.training.data;

import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Images that are files of their own, read from disk when asked for. */
final class ImageFiles implements LabelledImages {

  /** Above any camera's file; a guard against reading something else into memory. */
  private static final long MAX_FILE_BYTES = 64L << 20;

  private final String name;
  private final List<String> classNames;
  private final List<ImageFile> files;

  ImageFiles(String name, List<String> classNames, List<ImageFile> files) {
    this.name = name;
    this.classNames = List.copyOf(classNames);
    this.files = List.copyOf(files);
  }

  /** A file, the class of its image and what that comes from. */
  record ImageFile(Path path, int label, String sourceId) {}

  static boolean isImage(Path path) {
    String file = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return file.endsWith(".jpg") || file.endsWith(".jpeg") || file.endsWith(".png");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public int label(int index) {
    return files.get(index).label();
  }

  @Override
  public String sourceId(int index) {
    return files.get(index).sourceId();
  }

  @Override
  public EncodedImage encoded(int index) {
    byte[] bytes = read(files.get(index).path());
    boolean png = bytes.length > 0 && bytes[0] == (byte) 0x89;
    return new EncodedImage(png ? "image/png" : "image/jpeg", bytes);
  }

  @Override
  public void readPlanes(int index, Resize resize, byte[] target, int offset) {
    Path path = files.get(index).path();
    ImageCodec.decodePlanes(read(path), path.toString(), resize, target, offset);
  }

  private static byte[] read(Path path) {
    try {
      if (Files.size(path) > MAX_FILE_BYTES) {
        throw BadInputException.of(
            "%s has more than %,d bytes: it is no image to learn from.", path, MAX_FILE_BYTES);
      }
      byte[] bytes = Files.readAllBytes(path);
      if (bytes.length == 0) {
        throw BadInputException.of("%s is empty.", path);
      }
      return bytes;
    } catch (IOException e) {
      throw new BadInputException("The image " + path + " cannot be read: " + e, e);
    }
  }
}
