package io.boostnet.jobs.bench;

import java.util.List;

/**
 * A throughput benchmark: every row from the same run on the same machine.
 *
 * @param machine processor, cores and JVM
 * @param bundle name of the model bundle
 * @param thresholds where frames left
 * @param threads threads, or subtasks
 * @param rounds times that every row ran, in turns; figures are medians over them
 * @param imagesPerRound images measured per row and round
 * @param rows the rows; ratios are to the first, the limit
 */
record ThroughputReport(
    String machine,
    String bundle,
    List<Double> thresholds,
    int threads,
    int rounds,
    long imagesPerRound,
    List<Row> rows) {

  /**
   * One contender.
   *
   * @param name what it is
   * @param imagesPerSecond throughput
   * @param ratio throughput as a share of the limit's: median over the rounds of the ratio within a
   *     round
   * @param ratioPerCpuSecond the same, of images per second of processor time
   * @param cpuSecondsPerThousand processor time per 1,000 images, in seconds
   * @param accuracy share of the images classified right
   */
  record Row(
      String name,
      double imagesPerSecond,
      double ratio,
      double ratioPerCpuSecond,
      double cpuSecondsPerThousand,
      double accuracy) {}

  /** The rows as text. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-46s %10s %8s %12s %12s %9s%n"
            .formatted("", "images/s", "ratio", "per CPU-s", "CPU-s/1000", "accuracy"));
    for (Row row : rows) {
      text.append(
          "%-46s %10.1f %8.3f %12.3f %12.2f %8.1f%%%n"
              .formatted(
                  row.name(),
                  row.imagesPerSecond(),
                  row.ratio(),
                  row.ratioPerCpuSecond(),
                  row.cpuSecondsPerThousand(),
                  100 * row.accuracy()));
    }
    return text.toString();
  }
}
