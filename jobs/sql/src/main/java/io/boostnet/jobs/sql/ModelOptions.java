package io.boostnet.jobs.sql;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.codec.BundleException;
import io.boostnet.flink.inference.Device;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.serve.ConfigKey;
import io.boostnet.jobs.serve.InferenceConfig;
import io.boostnet.jobs.serve.Inferences;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.ServeConfigReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.MLPredictRuntimeConfigOptions;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.functions.AsyncPredictFunction;

/**
 * The options of a model: those keys of the Kafka job's configuration that are about the network,
 * under their names there. Immutable.
 *
 * @param model name of the model
 * @param bundle directory or .zip of the bundle
 * @param inference how images are classified
 * @param budget fixed, or constant thresholds
 * @param concurrency images of a subtask under way at a time, where a query does not say
 */
record ModelOptions(
    String model, String bundle, InferenceConfig inference, Budget budget, int concurrency) {

  private static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.BUNDLE,
          ConfigKey.BUDGET,
          ConfigKey.THRESHOLDS,
          ConfigKey.EXIT_SHARES,
          ConfigKey.MEAN_COST,
          ConfigKey.COST,
          ConfigKey.TOP_K,
          ConfigKey.MICRO_BATCH,
          ConfigKey.LINGER_MS,
          ConfigKey.DEVICE,
          ConfigKey.PRECISION);

  private static final Set<String> OF_A_QUERY =
      Set.of(
          MLPredictRuntimeConfigOptions.ASYNC.key(),
          MLPredictRuntimeConfigOptions.ASYNC_OUTPUT_MODE.key(),
          MLPredictRuntimeConfigOptions.ASYNC_MAX_CONCURRENT_OPERATIONS.key(),
          MLPredictRuntimeConfigOptions.ASYNC_TIMEOUT.key());

  /** What a configuration of the job needs, and nothing here reads. */
  private static final Map<String, String> NO_BROKER =
      Map.of(ConfigKey.BOOTSTRAP_SERVERS.key(), "none");

  /**
   * Reads and checks the options, and the bundle.
   *
   * @throws ValidationException where a key is none, or a value or the bundle cannot be used
   */
  static ModelOptions of(String model, Map<String, String> given, ReadableConfig session) {
    Map<String, String> values = new HashMap<>(NO_BROKER);
    given.forEach(
        (key, value) -> {
          if (KEYS.stream().anyMatch(known -> known.key().equals(key))) {
            values.put(key, value);
          } else if (!key.equals(FactoryUtil.PROVIDER.key())) {
            throw new ValidationException(
                "The model %s has the unknown option %s; known are %s."
                    .formatted(
                        model,
                        key,
                        KEYS.stream().map(ConfigKey::key).collect(Collectors.joining(", "))));
          }
        });
    ServeConfig config;
    try {
      config = ServeConfigReader.read(values, "the options of the model " + model);
    } catch (ConfigException e) {
      throw new ValidationException(e.getMessage(), e);
    }
    try {
      requireLocal(config.inference().budget());
      ModelOptions options =
          new ModelOptions(
              model,
              config.bundle(),
              config.inference(),
              Inferences.of(config).verify().budget(),
              session.get(
                  ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_MAX_CONCURRENT_OPERATIONS));
      options.control();
      return options;
    } catch (ConfigException | BundleException | IllegalArgumentException e) {
      throw new ValidationException("The model %s: %s".formatted(model, e.getMessage()), e);
    }
  }

  /** All of them for Flink, required or not. */
  static Set<ConfigOption<?>> flinkOptions(boolean required) {
    return KEYS.stream()
        .filter(key -> (key == ConfigKey.BUNDLE) == required)
        .map(
            key ->
                ConfigOptions.key(key.key())
                    .stringType()
                    .noDefaultValue()
                    .withDescription(key.description()))
        .collect(Collectors.toSet());
  }

  /** A budget that follows the load needs the coordinator that a table has. */
  private static void requireLocal(Budget budget) {
    if (budget != null && !(budget instanceof Budget.Fixed)) {
      throw new ConfigException(
          "inference.budget of a model is fixed:<share>, held by every subtask for itself; use a table of 'connector' = 'boostnet' for one that follows the load.");
    }
  }

  /** Thresholds and quotas. */
  ControlState control() {
    if (budget instanceof Budget.Constant) {
      return BudgetController.of(budget, null).start();
    }
    Device solvedFor =
        inference.device().kind() == Device.Kind.CUDA ? inference.device() : Device.CPU;
    ModelBundle served = ModelBundle.read(bundle).served(inference.precision(), solvedFor);
    Frontier frontier =
        new OptimalStopping().solve(served.calibration(), served.cascade().cost(inference.cost()));
    return BudgetController.of(budget, frontier).start();
  }

  /**
   * The function of one call in a query.
   *
   * @param config what the query's CONFIG says
   * @throws ValidationException where it has a key that is none
   */
  AsyncPredictFunction function(List<ModelColumn> outputs, ReadableConfig config) {
    Set<String> unknown = new TreeSet<>(config.toMap().keySet());
    unknown.removeAll(OF_A_QUERY);
    if (!unknown.isEmpty()) {
      throw new ValidationException(
          "The CONFIG of ML_PREDICT on %s has the unknown key %s; known are %s."
              .formatted(model, unknown.iterator().next(), new TreeSet<>(OF_A_QUERY)));
    }
    int most =
        config
            .getOptional(MLPredictRuntimeConfigOptions.ASYNC_MAX_CONCURRENT_OPERATIONS)
            .orElse(concurrency);
    return new CascadeFunction(bundle, inference, control(), outputs, most);
  }
}
