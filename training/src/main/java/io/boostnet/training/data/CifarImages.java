package io.boostnet.training.data;

import io.boostnet.image.BadImageException;
import io.boostnet.image.ImageLimits;
import io.boostnet.image.ImageReader;
import io.boostnet.image.ImageWriter;
import io.boostnet.image.Resize;
import io.boostnet.training.input.BadInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Images of the official CIFAR binary layout: records of one or two label bytes (the last one
 * counts) and 3,072 bytes of RGB planes of 32 x 32. The bytes are held in memory.
 */
final class CifarImages implements LabelledImages {

  static final int SIDE = 32;
  private static final int PLANES = 3 * SIDE * SIDE;

  private final String name;
  private final List<String> classNames;
  private final int labelBytes;
  private final byte[] records;

  /**
   * @param what name of the file for messages
   * @param labelBytes 1 for CIFAR-10, 2 for CIFAR-100 (coarse, then fine)
   */
  CifarImages(String name, String what, List<String> classNames, int labelBytes, byte[] records) {
    this.name = name;
    this.classNames = List.copyOf(classNames);
    this.labelBytes = labelBytes;
    this.records = records;
    int recordSize = labelBytes + PLANES;
    if (records.length == 0 || records.length % recordSize != 0) {
      throw BadInputException.of(
          "%s has %,d bytes, which is not a whole number of CIFAR records of %,d bytes: it is truncated or another file.",
          what, records.length, recordSize);
    }
    for (int i = 0; i < size(); i++) {
      if (label(i) >= classNames.size()) {
        throw BadInputException.of(
            "%s has label %d in record %d, but there are %d classes: it is damaged or another file.",
            what, label(i), i, classNames.size());
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int size() {
    return records.length / (labelBytes + PLANES);
  }

  @Override
  public int label(int index) {
    return records[planesOffset(index) - 1] & 0xFF;
  }

  @Override
  public String sourceId(int index) {
    Objects.checkIndex(index, size());
    return name;
  }

  @Override
  public EncodedImage encoded(int index) {
    return new EncodedImage(
        "image/png", ImageWriter.png(records, planesOffset(index), SIDE, SIDE), false);
  }

  @Override
  public void readPlanes(int index, Resize resize, byte[] target, int offset) {
    if (resize.height() == SIDE && resize.width() == SIDE && resize.shortSide() <= SIDE) {
      System.arraycopy(records, planesOffset(index), target, offset, PLANES);
    } else {
      int from = planesOffset(index);
      try (ImageReader reader = new ImageReader(resize, ImageLimits.DEFAULT)) {
        reader.readPlanes(Arrays.copyOfRange(records, from, from + PLANES), SIDE, SIDE);
        reader.copyPlanes(target, offset);
      } catch (BadImageException e) {
        throw new BadInputException(name + ": " + e.getMessage() + ".", e);
      }
    }
  }

  private int planesOffset(int index) {
    return Objects.checkIndex(index, size()) * (labelBytes + PLANES) + labelBytes;
  }
}
