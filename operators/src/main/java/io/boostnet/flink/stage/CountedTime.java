package io.boostnet.flink.stage;

import io.boostnet.flink.inference.ServiceCurve;

/**
 * What of a call's time counts as the stage's. Of a call that idleness alone made early that is
 * what its rows would have taken in a call as large as those of late on a busy thread, by the
 * service curve; before there were any, in a full one. For one thread.
 */
final class CountedTime {

  private static final double WEIGHT = 0.05;

  private final ServiceCurve curve;
  private double busyRows;

  CountedTime(ServiceCurve curve, int capacity) {
    this.curve = curve;
    this.busyRows = capacity;
  }

  /**
   * The time that counts, in nanoseconds, at most the call's.
   *
   * @param rows rows of the call, at least 1
   * @param cause why it ran: what is drained says nothing of a busy thread
   */
  long of(int rows, long nanos, Cause cause) {
    if (cause == Cause.IDLE) {
      int others = Math.max(rows, (int) Math.round(busyRows));
      return Math.round(nanos * curve.shareOfCallAt(rows, others));
    }
    if (cause.tellsBusySize()) {
      busyRows += WEIGHT * (rows - busyRows);
    }
    return nanos;
  }
}
