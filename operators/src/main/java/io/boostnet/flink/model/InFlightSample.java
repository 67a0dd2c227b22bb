package io.boostnet.flink.model;

/**
 * A frame on its way from one stage to the next.
 *
 * @param frame what identifies it
 * @param ticket its place in the order of arrival
 * @param features its carried tensors; valid only during the call that hands it over
 */
public record InFlightSample(Frame frame, Ticket ticket, Features features) {}
