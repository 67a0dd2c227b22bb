package io.boostnet.training.bundle.quantize;

/**
 * How many neighbouring pixels of a feature map lie beside each other as channels (space to depth).
 *
 * @param rows rows that become one, 1 or more
 * @param columns columns that become one, 1 or more
 */
record Fold(int rows, int columns) {

  static final Fold NONE = new Fold(1, 1);

  /** Pixels that become one. */
  int pixels() {
    return rows * columns;
  }
}
