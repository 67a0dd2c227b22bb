package io.boostnet.jobs.serve;

import java.net.URI;

/**
 * How Flink runs the job.
 *
 * @param parallelism subtasks of every operator, 1 .. 32,768; default: Flink's own
 * @param checkpointIntervalMs time between checkpoints, in milliseconds, at least 100; under
 *     exactly-once results become visible at this pace, and it is at most half of the clients'
 *     transaction timeout; default 10,000
 * @param checkpointDir URI under which checkpoints are stored; default: Flink's own
 * @param uiPort port of the Web UI of a local run, 0 for a free one; default 0
 * @param metricsPort port of a local run's metrics for Prometheus, 0 for a free one; default none
 */
public record JobConfig(
    Integer parallelism,
    Integer checkpointIntervalMs,
    URI checkpointDir,
    Integer uiPort,
    Integer metricsPort) {

  /** Ten seconds between checkpoints, all else as Flink has it. */
  public static final JobConfig DEFAULT = new JobConfig(null, null, null, null, null);

  public JobConfig {
    if (parallelism != null) {
      Require.range("job.parallelism", parallelism, 1, 32_768);
    }
    checkpointIntervalMs = checkpointIntervalMs == null ? 10_000 : checkpointIntervalMs;
    Require.range("job.checkpointIntervalMs", checkpointIntervalMs, 100, 3_600_000);
    if (checkpointDir != null
        && (checkpointDir.getScheme() == null || checkpointDir.getPath() == null)) {
      throw new IllegalArgumentException(
          "job.checkpointDir is '"
              + checkpointDir
              + "'; give a URI with a scheme and a whole path, such as file:///var/checkpoints or"
              + " s3://bucket/checkpoints");
    }
    uiPort = uiPort == null ? 0 : uiPort;
    Require.range("job.uiPort", uiPort, 0, 65_535);
    if (metricsPort != null) {
      Require.range("job.metricsPort", metricsPort, 0, 65_535);
    }
  }
}
