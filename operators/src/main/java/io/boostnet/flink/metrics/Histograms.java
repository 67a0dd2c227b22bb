package io.boostnet.flink.metrics;

import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Makes the histograms of this project: statistics over the last {@value #WINDOW} values. */
@Internal
public final class Histograms {

  private static final int WINDOW = 1024;

  private Histograms() {}

  /** A histogram registered under a name. */
  public static Histogram register(MetricGroup group, String name) {
    return group.histogram(name, new DescriptiveStatisticsHistogram(WINDOW));
  }
}
