package io.boostnet.jobs.camera.input;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_RGB;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * From decoded frames to JPEG files: colours by the frame's own matrix and range, square pixels,
 * upright. One thread; {@link #close} frees the native memory.
 */
final class PictureImages implements AutoCloseable {

  /** A pixel that claims to be more unequal than this is taken as square. */
  private static final double MOST_UNEQUAL = 4;

  private final IntPointer encoding;
  private final BytePointer file = new BytePointer();
  private final Mat turned = new Mat();
  private SwsContext scaler;
  private AVFrame colours;
  private Mat picture; // a view of colours, or turned

  /**
   * Makes JPEG files.
   *
   * @param quality 1 .. 100
   */
  PictureImages(int quality) {
    encoding = new IntPointer(IMWRITE_JPEG_QUALITY, quality);
  }

  /**
   * Takes a decoded frame; what was taken before is gone.
   *
   * @param pixels the sides of a pixel
   */
  void take(AVFrame frame, AVRational pixels) throws MediaException {
    int width = squareWidth(frame.width(), pixels);
    prepare(width, frame.height());
    int code = sws_scale_frame(scaler, colours, frame);
    if (code < 0) {
      throw new MediaException(
          "a picture of %d x %d pixels cannot be converted (%s)"
              .formatted(frame.width(), frame.height(), Ffmpeg.error(code)));
    }
    if (picture != null && picture != turned) {
      picture.close();
    }
    Mat view = new Mat(frame.height(), width, CV_8UC3, colours.data(0), colours.linesize(0));
    picture = orientation(frame).apply(view, turned);
    if (picture == turned) {
      view.close();
    }
  }

  /** Memory for the colours, of the size that the last frame had too, as a rule. */
  private void prepare(int width, int height) throws MediaException {
    if (scaler == null) {
      scaler = sws_alloc_context();
      scaler.flags(SWS_BICUBIC | SWS_ACCURATE_RND);
      colours = av_frame_alloc();
    }
    if (colours.width() == width && colours.height() == height) {
      return;
    }
    av_frame_unref(colours);
    colours.format(AV_PIX_FMT_BGR24);
    colours.width(width);
    colours.height(height);
    colours.color_range(AVCOL_RANGE_JPEG);
    colours.colorspace(AVCOL_SPC_RGB);
    int code = av_frame_get_buffer(colours, 0);
    if (code < 0) {
      throw new MediaException(
          "there is no memory for a picture of %d x %d pixels (%s)"
              .formatted(width, height, Ffmpeg.error(code)));
    }
  }

  private static int squareWidth(int width, AVRational pixels) {
    double ratio = pixels.den() == 0 ? 0 : (double) pixels.num() / pixels.den();
    boolean believed = ratio >= 1 / MOST_UNEQUAL && ratio <= MOST_UNEQUAL;
    return believed ? (int) Math.round(width * ratio) : width;
  }

  private static Orientation orientation(AVFrame frame) {
    AVFrameSideData data = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    if (data == null || data.isNull()) {
      return Orientation.UPRIGHT;
    }
    IntPointer matrix = new IntPointer(data.data());
    return Orientation.of(matrix.get(0), matrix.get(1), matrix.get(3), matrix.get(4));
  }

  /** The frame taken last, whole. */
  EncodedImage whole() throws MediaException {
    return EncodedImage.jpeg(encode(picture));
  }

  /** A part of the frame taken last. */
  EncodedImage part(Box box) throws MediaException {
    return part(picture, box);
  }

  /** A part of a picture. */
  EncodedImage part(Mat whole, Box box) throws MediaException {
    Box inside = box.within(whole.cols(), whole.rows());
    try (Rect part = new Rect(inside.left(), inside.top(), inside.width(), inside.height());
        Mat view = whole.apply(part)) {
      return new EncodedImage("image/jpeg", encode(view), inside);
    }
  }

  private byte[] encode(Mat pixels) throws MediaException {
    if (!imencode(".jpg", pixels, file, encoding)) {
      throw new MediaException(
          "a picture of %d x %d pixels cannot be encoded".formatted(pixels.cols(), pixels.rows()));
    }
    byte[] bytes = new byte[Math.toIntExact(file.limit())];
    file.get(bytes);
    return bytes;
  }

  @Override
  public void close() {
    if (picture != null && picture != turned) {
      picture.close();
    }
    turned.close();
    encoding.close();
    file.close();
    if (scaler != null) {
      sws_free_context(scaler);
      av_frame_free(colours);
    }
  }
}
