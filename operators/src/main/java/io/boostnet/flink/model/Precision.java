package io.boostnet.flink.model;

import java.util.Locale;
import org.apache.flink.annotation.Public;

/** Which form of a bundle's stages serves. */
@Public
public enum Precision {
  /** The faster one on the machine that serves, of those whose golden rows hold there. */
  AUTO,
  /** The stages that every bundle has, in 32-bit (or 16-bit) floats. */
  FP32,
  /** Stages in 8 bits, where the bundle has them. */
  INT8;

  /**
   * Reads {@code auto}, {@code fp32} or {@code int8}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Precision parse(String text) {
    for (Precision precision : values()) {
      if (precision.toString().equals(text)) {
        return precision;
      }
    }
    throw new IllegalArgumentException("precision is '" + text + "'; use auto, fp32 or int8");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
