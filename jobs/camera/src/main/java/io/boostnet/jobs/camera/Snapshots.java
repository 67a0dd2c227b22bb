package io.boostnet.jobs.camera;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.rectangle;

import io.boostnet.jobs.camera.config.CameraConfig;
import io.boostnet.jobs.camera.config.Zone;
import io.boostnet.jobs.camera.input.Box;
import io.boostnet.jobs.camera.input.FrameInput;
import io.boostnet.jobs.camera.input.MediaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** The first picture of a camera with its zones drawn in, to choose them by. */
final class Snapshots {

  private static final int LINE = 2;

  private Snapshots() {}

  /**
   * Writes one.
   *
   * @return what is read, and the size of the picture
   * @throws IOException where the camera gives none, or the file cannot be written
   */
  static String write(CameraConfig camera, Path file) throws IOException {
    try (FrameInput input = camera.toInput()) {
      input.open();
      if (!input.advance()) {
        throw new MediaException(camera.shownInput() + " gives no picture");
      }
      byte[] image = input.whole().bytes();
      try (BytePointer bytes = new BytePointer(image);
          Mat encoded = new Mat(1, image.length, CV_8UC1, bytes);
          Mat picture = imdecode(encoded, IMREAD_COLOR)) {
        if (picture.empty()) {
          throw new MediaException("a picture of " + camera.shownInput() + " cannot be decoded");
        }
        Files.write(file, outlined(picture, camera.zones().values()));
        return "%s; a picture has %d x %d pixels"
            .formatted(input.description(), picture.cols(), picture.rows());
      }
    }
  }

  private static byte[] outlined(Mat picture, Collection<Zone> zones) throws MediaException {
    try (Scalar green = new Scalar(0, 255, 0, 0);
        BytePointer file = new BytePointer()) {
      for (Zone zone : zones) {
        Box box = zone.box().within(picture.cols(), picture.rows());
        try (Rect rect = new Rect(box.left(), box.top(), box.width(), box.height())) {
          rectangle(picture, rect, green, LINE, 0, 0);
        }
      }
      imencode(".jpg", picture, file);
      byte[] bytes = new byte[Math.toIntExact(file.limit())];
      file.get(bytes);
      return bytes;
    }
  }
}
