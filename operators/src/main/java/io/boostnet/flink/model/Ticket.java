package io.boostnet.flink.model;

import org.apache.flink.annotation.Internal;

/**
 * Place of a sample in the order of arrival at its subtask.
 *
 * @param lane index of the subtask at which it arrived, from 0
 * @param number position among that subtask's arrivals since it started, from 0, without gaps
 */
@Internal
public record Ticket(int lane, long number) {}
