package io.boostnet.autoscaler;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.autoscaler.JobAutoScalerContext;
import org.apache.flink.autoscaler.realizer.ScalingRealizer;
import org.apache.flink.autoscaler.tuning.ConfigChanges;

/** Puts the autoscaler's decisions into effect by a job's resource requirements. */
final class RestRealizer implements ScalingRealizer<JobID, JobAutoScalerContext<JobID>> {

  private final FlinkJob job;
  private final Journal journal;

  RestRealizer(FlinkJob job, Journal journal) {
    this.job = job;
    this.journal = journal;
  }

  /** Is called after every evaluation with all decisions in force: most often there is no news. */
  @Override
  public void realizeParallelismOverrides(
      JobAutoScalerContext<JobID> context, Map<String, String> overrides) throws IOException {
    if (context.getJobStatus() != JobStatus.RUNNING) {
      return;
    }
    Map<String, Integer> decided = new TreeMap<>();
    overrides.forEach((vertex, parallelism) -> decided.put(vertex, Integer.valueOf(parallelism)));
    ResourceRequirements before = job.requirements();
    ResourceRequirements after = before.withUpperBounds(decided);
    if (!after.upperBounds().equals(before.upperBounds())) {
      job.require(after);
      journal.write(
          new Journal.Scaling(
              System.currentTimeMillis(), before.upperBounds(), after.upperBounds()));
    }
  }

  /** The memory of processes that run cannot be changed. */
  @Override
  public void realizeConfigOverrides(JobAutoScalerContext<JobID> context, ConfigChanges changes) {
    throw new UnsupportedOperationException("memory tuning needs an operator that owns the pods");
  }
}
