package io.boostnet.flink.model;

/**
 * One change of the exit thresholds, to be told to who watches.
 *
 * @param version version of the thresholds from here on
 * @param timestampMs when it was decided: processing time, in milliseconds since the Unix epoch
 * @param reason one sentence: why
 * @param thresholds one per exit
 */
public record ThresholdChange(long version, long timestampMs, String reason, double[] thresholds) {}
