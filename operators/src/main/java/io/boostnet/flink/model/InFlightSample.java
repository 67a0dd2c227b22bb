package io.boostnet.flink.model;

import org.apache.flink.annotation.Internal;

/**
 * A frame on its way from one stage to the next.
 *
 * @param frame what identifies it
 * @param ticket its place in the order of arrival
 * @param features its carried tensors; valid only during the call that hands it over
 * @param audit where it has left already and runs on for comparison alone; else null
 */
@Internal
public record InFlightSample(Frame frame, Ticket ticket, Features features, Audit audit)
    implements ChainElement {

  /** A sample that has not left. */
  public InFlightSample(Frame frame, Ticket ticket, Features features) {
    this(frame, ticket, features, null);
  }
}
