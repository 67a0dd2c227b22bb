package io.boostnet.flink.codec;

import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.Preprocessing.ChannelOrder;
import io.boostnet.image.BadImageException;
import io.boostnet.image.ImageLimits;
import io.boostnet.image.ImageReader;
import io.boostnet.image.Resize;
import io.boostnet.schema.Interpolation;
import io.boostnet.schema.ResizeRule;
import java.nio.ByteBuffer;
import org.apache.flink.annotation.Internal;

/**
 * From the image of a frame to the input tensor of stage 1, as {@link Preprocessing} says. What an
 * image is, its bytes tell; the content type tells raw planes from images, and what was meant where
 * the bytes are no image.
 *
 * <p>Not thread-safe; {@link #close} frees the native memory.
 */
@Internal
public final class ImageDecoder implements AutoCloseable {

  /** Content type of raw planes: all red bytes, then green, then blue. */
  public static final String RAW = "image/x-rgb-planes";

  private final Preprocessing preprocessing;
  private final ImageLimits limits;
  private final ImageReader reader;

  /** Value of every pixel in every channel of an image as it is read: blue, green, red. */
  private final float[][] values = new float[Preprocessing.CHANNELS][256];

  private final float[] planes;
  private long flawed;

  /**
   * A decoder.
   *
   * @param preprocessing what the input tensor is like
   * @param limits what is refused unread
   */
  public ImageDecoder(Preprocessing preprocessing, ImageLimits limits) {
    this.preprocessing = preprocessing;
    this.limits = limits;
    this.reader = new ImageReader(resize(preprocessing), limits);
    this.planes = new float[reader.pixels().length];
    for (int channel = 0; channel < Preprocessing.CHANNELS; channel++) {
      int tensorChannel = tensorChannel(channel);
      double mean = preprocessing.mean().get(tensorChannel);
      double std = preprocessing.std().get(tensorChannel);
      for (int pixel = 0; pixel < 256; pixel++) {
        values[channel][pixel] = (float) ((pixel * preprocessing.scale() - mean) / std);
      }
    }
  }

  /** The resizing that a preprocessing describes. */
  public static Resize resize(Preprocessing image) {
    return new Resize(
        image.height(),
        image.width(),
        ResizeRule.valueOf(image.resize().name()),
        image.resize() == Preprocessing.Resize.STRETCH ? 0 : image.shortSide(),
        Interpolation.valueOf(image.interpolation().name()));
  }

  private int tensorChannel(int bgrChannel) {
    return preprocessing.order() == ChannelOrder.BGR
        ? bgrChannel
        : Preprocessing.CHANNELS - 1 - bgrChannel;
  }

  /**
   * Decodes an image into the tensor.
   *
   * @param contentType as in the {@code ImageFrame} schema
   * @param image the encoded image, or the planes
   * @param width width of raw planes, in pixels
   * @param height height of raw planes, in pixels
   * @param tensor receives 3 x height x width floats in native order, from its position on
   * @throws BadImageException with what is wrong
   */
  void decode(String contentType, byte[] image, int width, int height, ByteBuffer tensor)
      throws BadImageException {
    ContentType declared = ContentType.of(contentType);
    if (declared == ContentType.RAW_PLANES) {
      limits.checkBytes(image);
      reader.readPlanes(image, width, height);
    } else {
      declared.checkAgainst(image, contentType);
      flawed += reader.read(image).flaw().isPresent() ? 1 : 0;
    }
    write(tensor);
  }

  /** Images so far that were read although they break their format's rules. */
  long flawed() {
    return flawed;
  }

  private void write(ByteBuffer tensor) {
    byte[] pixels = reader.pixels();
    int plane = preprocessing.height() * preprocessing.width();
    for (int channel = 0; channel < Preprocessing.CHANNELS; channel++) {
      float[] value = values[channel];
      int to = tensorChannel(channel) * plane;
      for (int i = 0, from = channel; i < plane; i++, from += Preprocessing.CHANNELS) {
        planes[to + i] = value[pixels[from] & 0xff];
      }
    }
    tensor.asFloatBuffer().put(planes);
  }

  @Override
  public void close() {
    reader.close();
  }
}
