package io.boostnet.training.data;

import io.boostnet.image.BadImageException;
import io.boostnet.image.CheckedImage;
import io.boostnet.image.ImageFormat;
import io.boostnet.image.ImageLimits;
import io.boostnet.image.ImageReader;
import io.boostnet.image.Resize;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Images that are files of their own, read from disk when asked for. */
final class ImageFiles implements LabelledImages {

  private static final Logger LOG = LoggerFactory.getLogger(ImageFiles.class);

  /** A size to decode at that is quick, where only whether an image can be decoded is asked. */
  private static final Resize TRIAL = Resize.stretch(8, 8);

  private final String name;
  private final List<String> classNames;
  private final List<ImageFile> files;
  private final Set<Path> flawed = ConcurrentHashMap.newKeySet();

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
    Path path = files.get(index).path();
    byte[] bytes = bytes(path);
    try (ImageReader reader = new ImageReader(TRIAL, ImageLimits.DEFAULT)) {
      CheckedImage image = read(path, bytes, reader);
      return new EncodedImage(
          image.format() == ImageFormat.PNG ? "image/png" : "image/jpeg",
          bytes,
          image.flaw().isPresent());
    }
  }

  @Override
  public void readPlanes(int index, Resize resize, byte[] target, int offset) {
    Path path = files.get(index).path();
    try (ImageReader reader = new ImageReader(resize, ImageLimits.DEFAULT)) {
      read(path, bytes(path), reader);
      reader.copyPlanes(target, offset);
    }
  }

  private CheckedImage read(Path path, byte[] bytes, ImageReader reader) {
    try {
      CheckedImage image = reader.read(bytes);
      if (image.flaw().isPresent() && flawed.add(path) && Integer.bitCount(flawed.size()) == 1) {
        LOG.warn(
            "{} has {}; it is read without. Such images so far: {}",
            path,
            image.flaw().get(),
            flawed.size());
      }
      return image;
    } catch (BadImageException e) {
      throw new BadInputException(path + " cannot be used: " + e.getMessage() + ".", e);
    }
  }

  private static byte[] bytes(Path path) {
    try {
      if (Files.size(path) > ImageLimits.DEFAULT.bytes()) {
        throw BadInputException.of(
            "%s cannot be used: the image has %,d bytes, allowed are %,d.",
            path, Files.size(path), ImageLimits.DEFAULT.bytes());
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new BadInputException("The image " + path + " cannot be read: " + e, e);
    }
  }
}
