package io.boostnet.jobs.bench;

/** One row of a throughput benchmark. */
interface Contender {

  /** What it is, for the table. */
  String name();

  /**
   * Classifies images on all threads of the benchmark.
   *
   * @param warmUp how many come first and do not count
   * @param images how many to measure
   */
  Measurement run(long warmUp, long images) throws Exception;

  /** The same after a tenth as many to warm up. */
  default Measurement run(long images) throws Exception {
    return run(Workload.warmUp(images), images);
  }
}
