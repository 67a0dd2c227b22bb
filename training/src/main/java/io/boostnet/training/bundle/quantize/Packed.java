package io.boostnet.training.bundle.quantize;

import io.boostnet.training.network.FeatureShape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * A tensor of an ONNX model and where the network's channels are in it.
 *
 * @param name name in the model
 * @param height rows of the feature map before folding
 * @param width columns of the feature map before folding
 * @param fold pixels that lie beside each other as channels
 * @param slots what each channel of the tensor holds
 * @param layout type of the elements and order of the sizes
 */
record Packed(String name, int height, int width, Fold fold, List<Slot> slots, Layout layout) {

  /** Type of the elements and order of the sizes. */
  enum Layout {
    /** 32-bit floats, {@code [batch, slots, rows, columns]}. */
    FLOATS_CHANNELS_FIRST(1),
    /** Unsigned bytes of 1/255 each, {@code [batch, rows, columns, slots]}. */
    BYTES_CHANNELS_LAST(3);

    private final int channelAxis;

    Layout(int channelAxis) {
      this.channelAxis = channelAxis;
    }

    int channelAxis() {
      return channelAxis;
    }
  }

  Packed {
    slots = List.copyOf(slots);
  }

  /** Channels over a folded map: pixel by pixel of the fold, and padding up to {@code least}. */
  static Packed of(
      String name, FeatureShape map, Fold fold, List<Channel> channels, int least, Layout layout) {
    List<Slot> slots = new ArrayList<>();
    for (int row = 0; row < fold.rows(); row++) {
      for (int column = 0; column < fold.columns(); column++) {
        for (Channel channel : channels) {
          slots.add(new Slot(channel, row, column));
        }
      }
    }
    while (slots.size() < least) {
      slots.add(Slot.PADDING);
    }
    return new Packed(name, map.height(), map.width(), fold, slots, layout);
  }

  /** Rows of the tensor. */
  int rows() {
    return height / fold.rows();
  }

  /** Columns of the tensor. */
  int columns() {
    return width / fold.columns();
  }

  /** Channels that it holds, without padding, in the order in which they first appear. */
  List<Channel> channels() {
    LinkedHashSet<Channel> channels = new LinkedHashSet<>();
    for (Slot slot : slots) {
      if (slot.channel() != null) {
        channels.add(slot.channel());
      }
    }
    return List.copyOf(channels);
  }

  /** Sizes of the tensor, -1 for the batch. */
  List<Long> shape() {
    long channels = slots.size();
    return layout == Layout.FLOATS_CHANNELS_FIRST
        ? List.of(-1L, channels, (long) rows(), (long) columns())
        : List.of(-1L, (long) rows(), (long) columns(), channels);
  }

  Packed named(String other) {
    return new Packed(other, height, width, fold, slots, layout);
  }

  Packed laidOut(String other, Layout as) {
    return new Packed(other, height, width, fold, slots, as);
  }
}
