package io.boostnet.k8s;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.autoscaler.config.AutoScalerOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.kubernetes.operator.config.KubernetesOperatorConfigOptions;

/**
 * The options of the autoscaler and of the operator, from their own classes: both take any key and
 * never say that they know none such.
 */
final class OperatorOptions {

  private static final List<String> PREFIXES = List.of("job.autoscaler.", "kubernetes.operator.");

  /** Names of autoscaler 1.11 and later; the classes here are the last on Maven Central, 1.10. */
  private static final Stream<ConfigOption<?>> NEWER =
      Stream.of("target", "min", "max")
          .map(it -> ConfigOptions.key("job.autoscaler.utilization." + it))
          .map(it -> it.doubleType().noDefaultValue());

  private static final Map<String, ConfigOption<?>> BY_KEY =
      Stream.concat(
              NEWER,
              Stream.of(AutoScalerOptions.class, KubernetesOperatorConfigOptions.class)
                  .flatMap(home -> Stream.of(home.getFields()))
                  .filter(it -> Modifier.isStatic(it.getModifiers()))
                  .filter(it -> it.getType() == ConfigOption.class)
                  .map(OperatorOptions::value))
          .collect(Collectors.toMap(ConfigOption::key, it -> it));

  private OperatorOptions() {}

  /** Those that a FlinkDeployment sets; a new map. */
  static Map<String, String> of(Rendered rendered) {
    Map<String, String> options = new TreeMap<>(rendered.flinkConfiguration());
    options.keySet().removeIf(key -> PREFIXES.stream().noneMatch(key::startsWith));
    return options;
  }

  /** What is wrong with options: keys that are none, values of another type. */
  static List<String> faults(Map<String, String> options) {
    Configuration flink = Configuration.fromMap(options);
    List<String> faults = new ArrayList<>();
    options.forEach(
        (key, value) -> {
          ConfigOption<?> option = BY_KEY.get(key);
          if (option == null) {
            faults.add(key + " is no option");
            return;
          }
          try {
            flink.get(option);
          } catch (IllegalArgumentException e) {
            faults.add(key + " is '" + value + "': " + e.getMessage());
          }
        });
    return faults;
  }

  private static ConfigOption<?> value(Field field) {
    try {
      return (ConfigOption<?>) field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
