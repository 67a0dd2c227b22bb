package io.boostnet.training.bundle.quantize;

/**
 * What a channel of a folded tensor holds.
 *
 * @param channel channel of the network, null for padding, which is always 0
 * @param row row within the fold, from 0
 * @param column column within the fold, from 0
 */
record Slot(Channel channel, int row, int column) {

  static final Slot PADDING = new Slot(null, 0, 0);
}
