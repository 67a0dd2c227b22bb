package io.boostnet.flink.budget.replay;

import io.boostnet.flink.exit.Evidence;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * Deals the images of evidence as cards: in random order, every one before any comes again, so that
 * accuracy differs from that of the evidence by no more than the last round's luck. Other evidence
 * starts a new deck.
 */
final class Deck {

  private final DoubleSupplier random;
  private Evidence evidence;
  private int[] order;
  private int dealt;

  Deck(DoubleSupplier random) {
    this.random = random;
  }

  /** The next image: its number in the evidence. */
  int deal(Evidence from) {
    if (from != evidence) {
      evidence = from;
      order = new int[from.images()];
      Arrays.setAll(order, image -> image);
      dealt = 0;
    }
    int at = dealt + (int) (random.getAsDouble() * (order.length - dealt));
    int image = order[at];
    order[at] = order[dealt];
    order[dealt] = image;
    dealt = (dealt + 1) % order.length;
    return image;
  }
}
