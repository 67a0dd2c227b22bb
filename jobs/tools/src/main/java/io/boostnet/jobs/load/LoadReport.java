package io.boostnet.jobs.load;

import java.util.List;

/**
 * What a load published, and how punctually.
 *
 * @param published frames that the broker acknowledged
 * @param badPublished deliberately bad records that the broker acknowledged
 * @param failed records that the broker did not take
 * @param seconds how long it took
 * @param plannedRate frames per second by the profile
 * @param achievedRate acknowledged frames per second
 * @param latenessMs how long after its due time a frame was handed to the producer
 * @param bad where the bad records are
 */
public record LoadReport(
    long published,
    long badPublished,
    long failed,
    Seconds seconds,
    double plannedRate,
    double achievedRate,
    Lateness latenessMs,
    List<BadRecord> bad) {

  /**
   * Times since the first due time, in seconds: each is at least as late as the one before, and the
   * differences are what the load was late and what the brokers were.
   *
   * @param planned when the last frame was due
   * @param handedOver when it was handed to the producer
   * @param acknowledged when the brokers had acknowledged everything
   */
  public record Seconds(double planned, double handedOver, double acknowledged) {}

  /**
   * Percentiles in milliseconds.
   *
   * @param p50 median
   * @param p95 95th percentile
   * @param p99 99th percentile
   * @param max the latest frame
   */
  public record Lateness(double p50, double p95, double p99, double max) {}

  /**
   * A deliberately bad record.
   *
   * @param kind what is wrong with it
   * @param partition its partition
   * @param offset its offset
   */
  public record BadRecord(BadFrame kind, int partition, long offset) {}
}
