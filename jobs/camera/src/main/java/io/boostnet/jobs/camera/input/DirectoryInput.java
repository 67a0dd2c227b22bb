package io.boostnet.jobs.camera.input;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import io.boostnet.image.BadImageException;
import io.boostnet.image.CheckedImage;
import io.boostnet.image.ImageFormat;
import io.boostnet.image.ImageLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A directory of JPEG and PNG files, in the order of their names, as the frames of a camera with a
 * given rate. Other files are passed over. Whole frames are the files as they are.
 */
public final class DirectoryInput implements FrameInput {

  private final Path directory;
  private final double frameRate;
  private List<Path> files = List.of();
  private final PictureImages images;
  private int index = -1;
  private long damaged;
  private volatile boolean cancelled;

  /**
   * An input that is to be opened.
   *
   * @param frameRate frames a second that the files stand for
   * @param quality of the JPEG files made of parts, 1 .. 100
   */
  public DirectoryInput(Path directory, double frameRate, int quality) {
    Ffmpeg.load();
    this.directory = directory;
    this.frameRate = frameRate;
    images = new PictureImages(quality);
  }

  @Override
  public void open() throws MediaException {
    try (Stream<Path> entries = Files.list(directory)) {
      files = entries.filter(DirectoryInput::isImage).sorted().toList();
    } catch (IOException e) {
      throw new MediaException("%s cannot be listed (%s)".formatted(directory, e.getMessage()), e);
    }
    if (files.isEmpty()) {
      throw new MediaException("%s holds no .jpg, .jpeg or .png file".formatted(directory));
    }
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jpg") || name.endsWith(".jpeg") || name.endsWith(".png");
  }

  @Override
  public boolean advance() throws MediaException {
    if (cancelled) {
      throw new MediaException("%s was closed".formatted(directory));
    }
    return ++index < files.size();
  }

  @Override
  public long timeMicros() {
    return Math.round(index * 1e6 / frameRate);
  }

  @Override
  public long recordedAtMs() {
    return NO_TIME;
  }

  @Override
  public EncodedImage whole() throws MediaException {
    CheckedImage image = read();
    return new EncodedImage(
        image.format() == ImageFormat.PNG ? "image/png" : "image/jpeg", image.bytes(), null);
  }

  @Override
  public EncodedImage part(Box box) throws MediaException {
    CheckedImage image = read();
    try (BytePointer bytes = new BytePointer(image.bytes());
        Mat encoded = new Mat(1, image.bytes().length, CV_8UC1, bytes);
        Mat picture = imdecode(encoded, IMREAD_COLOR)) {
      if (picture.empty()) {
        throw damaged("it cannot be decoded");
      }
      return images.part(picture, box);
    }
  }

  private CheckedImage read() throws MediaException {
    Path file = files.get(index);
    try {
      return CheckedImage.of(Files.readAllBytes(file), ImageLimits.DEFAULT);
    } catch (BadImageException e) {
      throw damaged(e.getMessage());
    } catch (IOException e) {
      throw new MediaException("%s cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
  }

  private DamagedFrameException damaged(String why) {
    damaged++;
    return new DamagedFrameException("%s is damaged (%s)".formatted(files.get(index), why));
  }

  @Override
  public long damaged() {
    return damaged;
  }

  @Override
  public String description() {
    return "%d images".formatted(files.size());
  }

  @Override
  public void cancel() {
    cancelled = true;
  }

  @Override
  public void close() {
    images.close();
  }
}
