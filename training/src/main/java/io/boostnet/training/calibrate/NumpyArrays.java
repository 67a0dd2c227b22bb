package io.boostnet.training.calibrate;

import ai.onnxruntime.platform.Fp16Conversions;
import io.boostnet.training.checkpoint.Tensor;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads arrays of numbers out of an {@code .npz} file as {@code numpy.savez} writes it. Python
 * objects in it are refused.
 */
final class NumpyArrays {

  private static final long MAX_BYTES = 1L << 30;
  private static final Pattern HEADER =
      Pattern.compile(
          ".*'descr': *'([^']+)'.*'fortran_order': *(True|False).*'shape': *\\(([^)]*)\\).*",
          Pattern.DOTALL);

  private NumpyArrays() {}

  /** The arrays by name, as floats. */
  static Map<String, Tensor> read(Path file) {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
        if (entry.getSize() > MAX_BYTES) {
          throw BadInputException.of(
              "%s in %s has more than 1 GB: save fewer images.", entry.getName(), file);
        }
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        String name = entry.getName().replaceFirst("\\.npy$", "");
        arrays.put(name, array(bytes, name + " of " + file));
      }
    } catch (IOException e) {
      throw new BadInputException(
          file + " is not an .npz file (" + e.getMessage() + "): write it with numpy.savez.", e);
    }
    return arrays;
  }

  private static Tensor array(byte[] bytes, String what) {
    boolean numpy = bytes.length > 12 && bytes[0] == (byte) 0x93 && bytes[1] == 'N';
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int start = numpy && bytes[6] > 1 ? 12 : 10;
    int length =
        !numpy ? -1 : start == 12 ? buffer.getInt(8) : Short.toUnsignedInt(buffer.getShort(8));
    Matcher header =
        HEADER.matcher(
            length < 0 || start + length > bytes.length
                ? ""
                : new String(bytes, start, length, StandardCharsets.ISO_8859_1));
    if (!header.matches()) {
      throw BadInputException.of("%s is not a numpy array.", what);
    }
    List<Long> shape = new ArrayList<>();
    for (String size : header.group(3).split(",")) {
      if (!size.isBlank()) {
        shape.add(Long.parseLong(size.strip()));
      }
    }
    String type = header.group(1);
    if (header.group(2).equals("True")) {
      throw BadInputException.of(
          "%s is in Fortran's order: save numpy.ascontiguousarray of it.", what);
    }
    buffer.position(start + length);
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    int width = width(type, what);
    if (elements * width != buffer.remaining()) {
      throw BadInputException.of(
          "%s has %,d bytes for a shape of %s.", what, buffer.remaining(), shape);
    }
    float[] values = new float[Math.toIntExact(elements)];
    for (int i = 0; i < values.length; i++) {
      values[i] = element(buffer, type);
    }
    return new Tensor(shape, values);
  }

  private static int width(String type, String what) {
    return switch (type) {
      case "<f4", "<i4" -> 4;
      case "<f8", "<i8" -> 8;
      case "<f2" -> 2;
      case "|u1" -> 1;
      default ->
          throw BadInputException.of(
              "%s is of type %s; save it as float32 with astype(\"float32\").", what, type);
    };
  }

  private static float element(ByteBuffer buffer, String type) {
    return switch (type) {
      case "<f4" -> buffer.getFloat();
      case "<f8" -> (float) buffer.getDouble();
      case "<f2" -> Fp16Conversions.fp16ToFloat(buffer.getShort());
      case "<i4" -> buffer.getInt();
      case "<i8" -> buffer.getLong();
      default -> buffer.get() & 0xFF;
    };
  }
}
