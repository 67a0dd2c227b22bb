package io.boostnet.jobs.load;

import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.SingleObject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/** Kinds of records that a stream may carry and that cannot be classified, published on purpose. */
public enum BadFrame {
  /** Bytes that are no Avro at all. */
  NOT_AVRO,
  /** A value of no bytes. */
  EMPTY,
  /** Single-object encoding of a record that is not an ImageFrame. */
  OTHER_SCHEMA,
  /** The first half of an image. */
  TRUNCATED_IMAGE,
  /** Text that is said to be a JPEG. */
  TEXT_AS_IMAGE,
  /** A PNG of some bytes whose header claims 60,000 x 60,000 pixels. */
  BOMB,
  /** The head of a video, said to be one. */
  WRONG_CONTENT_TYPE,
  /** Twenty million bytes that are said to be a JPEG. */
  OVERSIZED;

  /** Source id of those kinds that are ImageFrames. */
  public static final String SOURCE = "deliberately-bad";

  /** The first box of an MP4 file: its length, its type, its brands. */
  private static final byte[] VIDEO =
      "\0\0\0\30ftypmp42\0\0\0\0mp42isom".getBytes(StandardCharsets.ISO_8859_1);

  private static final byte[] TEXT =
      "This is a text file, not an image.\n".repeat(20).getBytes(StandardCharsets.UTF_8);

  /**
   * The value of a Kafka record of this kind.
   *
   * @param good a frame that can be classified; not changed
   * @param sequence sequence number of the frame, where the kind has one
   */
  public byte[] value(ImageFrame good, long sequence) {
    return switch (this) {
      case NOT_AVRO -> TEXT;
      case EMPTY -> new byte[0];
      case OTHER_SCHEMA -> encode(otherRecord());
      case TRUNCATED_IMAGE -> {
        byte[] image = bytes(good.getImage());
        yield frame(good, sequence, good.getContentType(), Arrays.copyOf(image, image.length / 2));
      }
      case TEXT_AS_IMAGE -> frame(good, sequence, "image/jpeg", TEXT);
      case BOMB -> frame(good, sequence, "image/png", pngClaiming(60_000, 60_000));
      case WRONG_CONTENT_TYPE -> frame(good, sequence, "video/mp4", VIDEO);
      case OVERSIZED -> frame(good, sequence, "image/jpeg", new byte[20_000_000]);
    };
  }

  private static byte[] frame(ImageFrame good, long sequence, String contentType, byte[] image) {
    ImageFrame bad =
        ImageFrame.newBuilder(good)
            .setSourceId(SOURCE)
            .setSequence(sequence)
            .setContentType(contentType)
            .setImage(ByteBuffer.wrap(image))
            .build();
    return FrameCodec.encode(bad);
  }

  private static ControlEvent otherRecord() {
    return ControlEvent.newBuilder()
        .setPipeline("other")
        .setVersion(1)
        .setTimestampMs(0)
        .setReason("not a frame")
        .setThresholds(List.of(0.0))
        .build();
  }

  private static byte[] encode(ControlEvent event) {
    try {
      return bytes(SingleObject.encoder(ControlEvent.class).encode(event));
    } catch (IOException e) {
      throw new UncheckedIOException("encoding a ControlEvent", e);
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** A PNG whose header is right, checksum included, and whose data are missing. */
  private static byte[] pngClaiming(int width, int height) {
    try {
      ByteArrayOutputStream header = new ByteArrayOutputStream();
      DataOutputStream fields = new DataOutputStream(header);
      fields.writeBytes("IHDR");
      fields.writeInt(width);
      fields.writeInt(height);
      fields.write(new byte[] {8, 2, 0, 0, 0}); // 8 bits, RGB, deflate, no filter, not interlaced
      CRC32 crc = new CRC32();
      crc.update(header.toByteArray());

      ByteArrayOutputStream png = new ByteArrayOutputStream();
      DataOutputStream file = new DataOutputStream(png);
      file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
      file.writeInt(13);
      header.writeTo(file);
      file.writeInt((int) crc.getValue());
      return png.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }
}
