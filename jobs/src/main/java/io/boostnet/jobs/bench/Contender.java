package io.boostnet.jobs.bench;

/** One row of a throughput benchmark. */
interface Contender {

  /** What it is, for the table. */
  String name();

  /**
   * Classifies images on all threads of the benchmark.
   *
   * @param images how many to measure, after as many as a tenth to warm up
   */
  Measurement run(long images) throws Exception;
}
