package io.boostnet.jobs.serve;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.options.Limits;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.config.ExitThresholds;

/** From the configuration to the library's builder; bad values become {@link ConfigException}. */
public final class Inferences {

  private Inferences() {}

  /**
   * Reads and checks the bundle and applies the options.
   *
   * @throws io.boostnet.flink.codec.BundleException where the bundle is missing or wrong
   * @throws ConfigException where an option does not fit the bundle
   */
  public static EarlyExitInference of(ServeConfig config) {
    InferenceConfig options = config.inference();
    EarlyExitInference inference = EarlyExitInference.fromBundle(config.bundle());
    try {
      inference
          .withPipelineName(config.pipeline())
          .withOrder(options.order())
          .withMicroBatching(options.batching())
          .withDevice(options.device())
          .withPrecision(options.precision())
          .withCost(options.cost())
          .withAudit(options.audit())
          .withTopK(options.topK())
          .withTracking(options.tracking())
          .withPriorities(options.sourcePriorities())
          .withLimits(EventImages.roomIn(Limits.DEFAULT, config.events()));
      if (config.kafka().references() != null) {
        inference.withReferences(config.kafka().references().toReferences());
      }
      if (options.budget() != null) {
        return inference.withBudget(options.budget()).verify();
      }
      Thresholds thresholds =
          new ExitThresholds(options.thresholds(), options.exitShares(), options.meanCost())
              .of(served(config), options.cost());
      return (thresholds == null ? inference : inference.withThresholds(thresholds.toArray()))
          .verify();
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The configuration does not fit: " + e.getMessage() + ".", e);
    }
  }

  private static ModelBundle served(ServeConfig config) {
    InferenceConfig options = config.inference();
    return ModelBundle.read(config.bundle()).served(options.precision(), options.device());
  }
}
