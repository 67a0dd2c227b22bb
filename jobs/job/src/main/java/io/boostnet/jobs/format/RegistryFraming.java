package io.boostnet.jobs.format;

import java.nio.ByteBuffer;

/** A schema registry's framing of a value: a zero byte, the schema's id, big endian, the record. */
final class RegistryFraming {

  static final int HEADER_BYTES = 5;
  private static final byte MAGIC = 0;

  private RegistryFraming() {}

  static boolean isFramed(byte[] value) {
    return value != null && value.length >= HEADER_BYTES && value[0] == MAGIC;
  }

  static int id(byte[] value) {
    return ByteBuffer.wrap(value).getInt(1);
  }

  static byte[] header(int id) {
    return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(id).array();
  }
}
