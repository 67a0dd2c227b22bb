package io.boostnet.training.checkpoint;

import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;

/**
 * How an element is stored, little-endian. All are read as 32-bit floats; integers are exact up to
 * 2^24.
 */
enum ElementFormat {
  F64(8) {
    @Override
    float read(ByteBuffer bytes, int index) {
      return (float) bytes.getDouble(8 * index);
    }
  },
  F32(4) {
    @Override
    float read(ByteBuffer bytes, int index) {
      return bytes.getFloat(4 * index);
    }
  },
  F16(2) {
    @Override
    float read(ByteBuffer bytes, int index) {
      return Fp16Conversions.fp16ToFloat(bytes.getShort(2 * index));
    }
  },
  BF16(2) {
    @Override
    float read(ByteBuffer bytes, int index) {
      return Fp16Conversions.bf16ToFloat(bytes.getShort(2 * index));
    }
  },
  I64(8) {
    @Override
    float read(ByteBuffer bytes, int index) {
      return bytes.getLong(8 * index);
    }
  },
  I32(4) {
    @Override
    float read(ByteBuffer bytes, int index) {
      return bytes.getInt(4 * index);
    }
  },
  I16(2) {
    @Override
    float read(ByteBuffer bytes, int index) {
      return bytes.getShort(2 * index);
    }
  },
  I8(1) {
    @Override
    float read(ByteBuffer bytes, int index) {
      return bytes.get(index);
    }
  },
  U8(1) {
    @Override
    float read(ByteBuffer bytes, int index) {
      return bytes.get(index) & 0xFF;
    }
  },
  BOOL(1) {
    @Override
    float read(ByteBuffer bytes, int index) {
      return bytes.get(index) == 0 ? 0 : 1;
    }
  };

  private final int size;

  ElementFormat(int size) {
    this.size = size;
  }

  /** Bytes of one element. */
  int size() {
    return size;
  }

  /** The element of this index in a little-endian buffer. */
  abstract float read(ByteBuffer bytes, int index);
}
