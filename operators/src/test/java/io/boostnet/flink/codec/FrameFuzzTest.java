package io.boostnet.flink.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.model.ElementType;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.Preprocessing.Resize;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.flink.model.TensorSpec;
import io.boostnet.flink.options.Limits;
import io.boostnet.fuzz.Attempt;
import io.boostnet.fuzz.Edit;
import io.boostnet.fuzz.Fuzz;
import io.boostnet.schema.ImageFrame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Damaged frames of every content type, down to the native decoders: a tensor or a rejection. */
class FrameFuzzTest {

  private static final int SIDE = 16;
  private static final long MOST_HEAP = 4 << 20;
  private static final Limits LIMITS = new Limits(1 << 20, 1 << 20, 1 << 20);
  private static final int PNG_SIGNATURE = 8;
  private static final int CHUNK_FRAME = 12;
  private static final String JPEG = "image/jpeg";
  private static final String PNG = "image/png";

  /** An image to damage. */
  record Sample(String kind, String contentType, byte[] image, int width, int height) {

    @Override
    public String toString() {
      return kind;
    }
  }

  private static final List<Sample> SAMPLES = makeSamples();

  private final List<SampleDecoder<SourceRecord>> decoders =
      List.of(
          new FrameSamples<>(new AvroFrameDecoder(), preprocessing(Resize.STRETCH, 0), LIMITS),
          new FrameSamples<>(
              new AvroFrameDecoder(), preprocessing(Resize.SHORT_SIDE_CROP, 2 * SIDE), LIMITS));
  private final Features tensor =
      Features.allocate(
          List.of(
              new TensorSpec("image", ElementType.FLOAT, List.of(3L, (long) SIDE, (long) SIDE))));

  @BeforeProperty
  void open() {
    decoders.forEach(SampleDecoder::open);
  }

  @AfterProperty
  void close() {
    decoders.forEach(SampleDecoder::close);
  }

  @Fuzz
  void damagedImage_isDecodedOrRejected(
      @ForAll("samples") Sample sample, @ForAll("edits") List<Edit> edits) throws IOException {
    decode(record(sample, Edit.apply(edits, sample.image()), sample.width(), sample.height()));
  }

  /** With the checksums put right, the damage gets as far as the PNG decoder. */
  @Fuzz
  void damagedPngWithRightChecksums_isDecodedOrRejected(
      @ForAll("pngs") Sample sample, @ForAll("edits") List<Edit> edits) throws IOException {
    decode(record(sample, withChecksums(Edit.apply(edits, sample.image())), 0, 0));
  }

  @Fuzz
  void planesOfAnyStatedSize_areDecodedOrRejected(
      @ForAll int width, @ForAll int height, @ForAll("edits") List<Edit> edits) throws IOException {
    Sample sample = new Sample("planes", ImageDecoder.RAW, new byte[3 * 8 * 6], 8, 6);
    decode(record(sample, Edit.apply(edits, sample.image()), width, height));
  }

  @Fuzz
  void damagedRecord_isDecodedOrRejected(
      @ForAll("samples") Sample sample, @ForAll("edits") List<Edit> edits) throws IOException {
    decode(Edit.apply(edits, record(sample, sample.image(), sample.width(), sample.height())));
  }

  @Provide
  Arbitrary<Sample> samples() {
    return Arbitraries.of(SAMPLES);
  }

  @Provide
  Arbitrary<Sample> pngs() {
    return Arbitraries.of(
        SAMPLES.stream().filter(sample -> sample.contentType().equals(PNG)).toList());
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    return Edit.several();
  }

  private void decode(byte[] record) {
    for (SampleDecoder<SourceRecord> decoder : decoders) {
      SourceRecord value = new SourceRecord(record, "frames", 0, 1, 2);
      boolean taken =
          Attempt.at(
              () -> decoder.decode(value, tensor), MOST_HEAP, Set.of(RejectedFrameException.class));
      if (taken) {
        FloatBuffer pixels = tensor.tensors()[0].asFloatBuffer();
        while (pixels.hasRemaining()) {
          assertThat(pixels.get()).isBetween(0f, 1f);
        }
      }
    }
  }

  private static byte[] record(Sample sample, byte[] image, int width, int height)
      throws IOException {
    return ImageFrame.getEncoder()
        .encode(
            ImageFrame.newBuilder()
                .setSourceId("camera")
                .setSequence(1)
                .setTimestampMs(2)
                .setContentType(sample.contentType())
                .setImage(ByteBuffer.wrap(image))
                .setWidth(width)
                .setHeight(height)
                .build())
        .array();
  }

  private static byte[] withChecksums(byte[] png) {
    ByteBuffer bytes = ByteBuffer.wrap(png);
    int at = PNG_SIGNATURE;
    while (png.length - at >= CHUNK_FRAME) {
      int length = bytes.getInt(at);
      if (length < 0 || length > png.length - at - CHUNK_FRAME) {
        break;
      }
      CRC32 crc = new CRC32();
      crc.update(png, at + 4, length + 4);
      bytes.putInt(at + 8 + length, (int) crc.getValue());
      at += CHUNK_FRAME + length;
    }
    return png;
  }

  private static Preprocessing preprocessing(Resize resize, int shortSide) {
    return new Preprocessing(
        SIDE,
        SIDE,
        Preprocessing.ChannelOrder.RGB,
        1 / 255.0,
        List.of(0.0, 0.0, 0.0),
        List.of(1.0, 1.0, 1.0),
        resize,
        shortSide,
        Preprocessing.Interpolation.AREA);
  }

  private static List<Sample> makeSamples() {
    try {
      List<Sample> samples = new ArrayList<>();
      for (int type :
          new int[] {
            BufferedImage.TYPE_INT_RGB,
            BufferedImage.TYPE_INT_ARGB,
            BufferedImage.TYPE_BYTE_GRAY,
            BufferedImage.TYPE_USHORT_GRAY,
            BufferedImage.TYPE_BYTE_INDEXED,
            BufferedImage.TYPE_BYTE_BINARY
          }) {
        for (boolean progressive : new boolean[] {false, true}) {
          samples.add(
              new Sample(
                  "png of type %d, interlaced: %s".formatted(type, progressive),
                  PNG,
                  encoded("png", type, progressive),
                  0,
                  0));
        }
      }
      for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY}) {
        for (boolean progressive : new boolean[] {false, true}) {
          samples.add(
              new Sample(
                  "jpeg of type %d, progressive: %s".formatted(type, progressive),
                  JPEG,
                  encoded("jpeg", type, progressive),
                  0,
                  0));
        }
      }
      try (InputStream in = FrameFuzzTest.class.getResourceAsStream("/images/cmyk-red.jpg")) {
        samples.add(new Sample("cmyk jpeg", JPEG, in.readAllBytes(), 0, 0));
      }
      samples.add(new Sample("planes", ImageDecoder.RAW, new byte[3 * 8 * 6], 8, 6));
      return List.copyOf(samples);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] encoded(String format, int type, boolean progressive) throws IOException {
    Random random = new Random(type);
    BufferedImage image = new BufferedImage(24, 20, type);
    for (int i = 0; i < 24 * 20; i++) {
      image.setRGB(i % 24, i / 24, random.nextInt());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ImageWriteParam options = writer.getDefaultWriteParam();
    options.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    try (var out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), options);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
