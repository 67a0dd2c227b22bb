package io.boostnet.training.network;

/**
 * How many layers the blocks after the first have; spelled in options as the official scripts do.
 */
public enum StepMode {
  /** Every block has {@code step} layers. */
  EVEN,
  /**
   * Later blocks have more: MSDNet's block i (from 0) has {@code step * i + 1}, RANet's one {@code
   * step} more than the block before.
   */
  LIN_GROW
}
