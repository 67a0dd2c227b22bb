package io.boostnet.flink.model;

import org.apache.flink.annotation.PublicEvolving;

/** Type of a tensor's elements. */
@PublicEvolving
public enum ElementType {
  /** IEEE 754 binary32. */
  FLOAT(4),
  /** IEEE 754 binary16. */
  FLOAT16(2),
  /** 8 bits without a sign. */
  UINT8(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Size of an element in bytes. */
  public int bytes() {
    return bytes;
  }
}
