package io.boostnet.autoscaler;

import java.time.Duration;
import java.util.Map;
import org.apache.flink.autoscaler.ScalingMetricEvaluator;
import org.apache.flink.autoscaler.metrics.CollectedMetricHistory;
import org.apache.flink.autoscaler.metrics.EvaluatedMetrics;
import org.apache.flink.autoscaler.metrics.EvaluatedScalingMetric;
import org.apache.flink.autoscaler.metrics.ScalingMetric;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobVertexID;

/** The autoscaler's evaluation as it is, noted in a journal. */
final class JournalingEvaluator extends ScalingMetricEvaluator {

  private final Journal journal;

  JournalingEvaluator(Journal journal) {
    this.journal = journal;
  }

  @Override
  public EvaluatedMetrics evaluate(
      Configuration conf, CollectedMetricHistory collected, Duration restartTime) {
    EvaluatedMetrics evaluated = super.evaluate(conf, collected, restartTime);
    for (JobVertexID vertex : collected.getJobTopology().getVerticesInTopologicalOrder()) {
      Map<ScalingMetric, EvaluatedScalingMetric> metrics = evaluated.getVertexMetrics().get(vertex);
      journal.write(
          new Journal.Evaluation(
              System.currentTimeMillis(),
              vertex.toString(),
              collected.getJobTopology().isSource(vertex),
              (int) metrics.get(ScalingMetric.PARALLELISM).getCurrent(),
              metrics.get(ScalingMetric.LOAD).getAverage(),
              metrics.get(ScalingMetric.TRUE_PROCESSING_RATE).getAverage(),
              metrics.get(ScalingMetric.TARGET_DATA_RATE).getAverage()));
    }
    return evaluated;
  }
}
