package io.boostnet.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/**
 * One change to some bytes. Places are shares of the length, so that an edit fits any input.
 *
 * @param kind what is done
 * @param at where, 0..1
 * @param length how many bytes are concerned, where that is not given by the kind
 * @param value bits that are put, as many as the kind needs
 */
public record Edit(Kind kind, double at, int length, int value) {

  private static final int LONGEST = 64;

  /** Values that readers get wrong. */
  private static final Integer[] EDGES = {
    0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, Integer.MAX_VALUE, Integer.MIN_VALUE
  };

  /** Kinds of change. */
  public enum Kind {
    SET_BYTE,
    FLIP_BIT,
    SET_INT_LITTLE_ENDIAN,
    SET_INT_BIG_ENDIAN,
    FILL,
    INSERT,
    DELETE,
    REPEAT,
    CUT
  }

  /** One to six edits. */
  public static Arbitrary<List<Edit>> several() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.doubles()
                .between(0, 1)
                .ofScale(4)
                .withDistribution(RandomDistribution.uniform()),
            Arbitraries.integers().between(1, LONGEST),
            Arbitraries.oneOf(Arbitraries.of(EDGES), Arbitraries.integers()))
        .as(Edit::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  /** The bytes after all edits; what was given stays as it is. */
  public static byte[] apply(List<Edit> edits, byte[] bytes) {
    byte[] edited = bytes.clone();
    for (Edit edit : edits) {
      if (edited.length > 0) {
        edited = edit.of(edited);
      }
    }
    return edited;
  }

  private byte[] of(byte[] bytes) {
    int from = Math.min(bytes.length - 1, (int) (at * bytes.length));
    int to = Math.min(bytes.length, from + length);
    switch (kind) {
      case SET_BYTE -> bytes[from] = (byte) value;
      case FLIP_BIT -> bytes[from] ^= (byte) (1 << (value & 7));
      case SET_INT_LITTLE_ENDIAN -> put(bytes, from, ByteOrder.LITTLE_ENDIAN);
      case SET_INT_BIG_ENDIAN -> put(bytes, from, ByteOrder.BIG_ENDIAN);
      case FILL -> Arrays.fill(bytes, from, to, (byte) value);
      case INSERT -> {
        byte[] filling = new byte[length];
        Arrays.fill(filling, (byte) value);
        return joined(bytes, from, filling, from);
      }
      case DELETE -> {
        return joined(bytes, from, new byte[0], to);
      }
      case REPEAT -> {
        return joined(bytes, to, Arrays.copyOfRange(bytes, from, to), to);
      }
      case CUT -> {
        return Arrays.copyOf(bytes, from);
      }
      default -> throw new IllegalStateException(kind.toString());
    }
    return bytes;
  }

  private void put(byte[] bytes, int from, ByteOrder order) {
    byte[] four = ByteBuffer.allocate(4).order(order).putInt(value).array();
    System.arraycopy(four, 0, bytes, from, Math.min(4, bytes.length - from));
  }

  private static byte[] joined(byte[] bytes, int head, byte[] middle, int tail) {
    byte[] joined = Arrays.copyOf(bytes, head + middle.length + bytes.length - tail);
    System.arraycopy(middle, 0, joined, head, middle.length);
    System.arraycopy(bytes, tail, joined, head + middle.length, bytes.length - tail);
    return joined;
  }
}
