package io.boostnet.flink.model;

import org.apache.flink.annotation.Internal;

/**
 * How a frame ended: decided or rejected. Every frame that enters has exactly one.
 *
 * @param ticket its place in the order of arrival
 * @param decision the decision; null where it was rejected
 * @param rejection the rejection; null where it was decided
 */
@Internal
public record Outcome(Ticket ticket, Decision decision, Rejection rejection)
    implements ChainElement {

  /** A decided frame. */
  public static Outcome of(Ticket ticket, Decision decision) {
    return new Outcome(ticket, decision, null);
  }

  /** A rejected frame. */
  public static Outcome of(Ticket ticket, Rejection rejection) {
    return new Outcome(ticket, null, rejection);
  }
}
