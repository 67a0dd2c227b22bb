package io.boostnet.flink.stage;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Puts the outcomes of one lane back into the order of their tickets: holds each until all earlier
 * ones have come. Not thread-safe.
 *
 * <p>Holds at most what is younger than the oldest frame on its way: as many outcomes as come while
 * that one waits in the chain's micro-batches.
 *
 * @param <T> what is put in order
 */
final class ArrivalOrder<T> {

  private final Map<Long, T> early = new HashMap<>();
  private long next;

  /**
   * Takes one and gives all that are now in order.
   *
   * @param number its ticket's number; every number from 0 comes exactly once
   */
  void offer(long number, T value, Consumer<T> inOrder) {
    if (number != next) {
      early.put(number, value);
      return;
    }
    for (T follower = value; follower != null; follower = early.remove(next)) {
      next++;
      inOrder.accept(follower);
    }
  }

  /** How many wait for an earlier one. */
  int held() {
    return early.size();
  }
}
