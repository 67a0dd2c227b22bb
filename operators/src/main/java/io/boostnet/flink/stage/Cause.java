package io.boostnet.flink.stage;

/** Why a micro-batch runs. */
enum Cause {
  /** It is full. */
  FULL,
  /** Its first row has waited for a linger while the thread was busy. */
  LINGER,
  /** The thread would be idle. */
  IDLE,
  /** A barrier, an idle source or the end of the input: nothing may wait. */
  DRAIN;

  /** Whether its size tells how far micro-batches fill on a busy thread. */
  boolean tellsBusySize() {
    return this == FULL || this == LINGER;
  }
}
