package io.boostnet.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.boostnet.jobs.kafka.KafkaAccess;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalResourceOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the Kubernetes manifests tell the job, its Kafka clients and its Flink is known to them:
 * they are on this class path in the versions that are deployed.
 */
class DeployedConfigTest {

  private static final Path K8S = Path.of("..", "k8s");

  /** Checked beside the manifests, against the operator's classes. */
  private static final List<String> OF_THE_OPERATOR =
      List.of("job.autoscaler.", "kubernetes.operator.");

  /** Options with a name of the user's in them: Flink has no constants for these. */
  private static final Set<String> NAMED =
      Set.of(
          "metrics.reporter.prom.factory.class",
          "metrics.reporter.prom.port",
          "external-resource.gpu.amount",
          "external-resource.gpu.kubernetes.config-key");

  private static final Map<String, ConfigOption<?>> OPTIONS =
      optionsOf(
          CheckpointingOptions.class,
          CoreOptions.class,
          ExternalResourceOptions.class,
          HighAvailabilityOptions.class,
          JobManagerOptions.class,
          PipelineOptions.class,
          RestartStrategyOptions.class,
          StateBackendOptions.class,
          TaskManagerOptions.class,
          WebOptions.class);

  static Stream<Path> configurations() throws IOException {
    return files("serve.yaml").stream();
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void serveConfiguration_ofADeployment_isAccepted(Path file) {
    ServeConfig config = ServeConfigReader.read(file, Map.of());
    assertThat(config.job().parallelism()).isNull();
    assertThat(config.kafka().clientProperties()).hasSize(1);
  }

  @Test
  void clientProperties_areKnownToEveryClient() throws IOException {
    List<Path> files = files("kafka.properties");
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      Map<String, Object> given =
          new HashMap<>(KafkaAccess.withFiles("kafka:9093", List.of(file)).clientProperties());
      given.put("bootstrap.servers", "kafka:9093");
      // Refuses wrong values, and a provider that it cannot load; the password is looked up here.
      assertThat(new AdminClientConfig(given)).isNotNull();
      given.keySet().removeIf(key -> key.startsWith("config.providers"));
      assertThat(ConsumerConfig.configNames()).containsAll(given.keySet());
      assertThat(ProducerConfig.configNames()).containsAll(given.keySet());
      assertThat(AdminClientConfig.configNames()).containsAll(given.keySet());
    }
  }

  @Test
  void flinkOptions_ofTheDeployments_existAndParse() throws IOException {
    Map<String, String> options = flinkOptions();
    assertThat(options).hasSizeGreaterThan(20);
    assertThat(faults(options)).isEmpty();
  }

  @Test
  void aFlinkOption_misspeltOrOfAnotherType_isFound() throws IOException {
    for (String key : flinkOptions().keySet()) {
      Map<String, String> misspelt = flinkOptions();
      misspelt.put(key + "s", misspelt.remove(key));
      assertThat(faults(misspelt)).containsExactly(key + "s is no option");
    }
    assertThat(faults(Map.of("jobmanager.scheduler", "adaptable"))).hasSize(1);
  }

  private static List<String> faults(Map<String, String> options) {
    Configuration flink = Configuration.fromMap(options);
    List<String> faults = new ArrayList<>();
    for (String key : options.keySet()) {
      if (!OPTIONS.containsKey(key)) {
        if (!NAMED.contains(key)) {
          faults.add(key + " is no option");
        }
        continue;
      }
      try {
        flink.get(OPTIONS.get(key));
      } catch (IllegalArgumentException e) {
        faults.add(key + ": " + e.getMessage());
      }
    }
    return faults;
  }

  /** Every option that base or an overlay sets; where several do, one of their values. */
  private static Map<String, String> flinkOptions() throws IOException {
    Map<String, String> options = new TreeMap<>();
    for (Path file : files("flink.yaml")) {
      JsonNode set = new YAMLMapper().readTree(file.toFile()).at("/spec/flinkConfiguration");
      set.properties().forEach(it -> options.put(it.getKey(), it.getValue().asText()));
    }
    options.keySet().removeIf(key -> OF_THE_OPERATOR.stream().anyMatch(key::startsWith));
    return options;
  }

  private static List<Path> files(String name) throws IOException {
    try (Stream<Path> all =
        Stream.concat(Files.walk(K8S.resolve("base")), Files.walk(K8S.resolve("overlays")))) {
      return all.filter(it -> it.endsWith(name)).toList();
    }
  }

  private static Map<String, ConfigOption<?>> optionsOf(Class<?>... homes) {
    Map<String, ConfigOption<?>> options = new TreeMap<>();
    Stream.of(homes)
        .flatMap(home -> Stream.of(home.getFields()))
        .filter(it -> Modifier.isStatic(it.getModifiers()) && it.getType() == ConfigOption.class)
        .forEach(
            it -> {
              try {
                ConfigOption<?> option = (ConfigOption<?>) it.get(null);
                options.put(option.key(), option);
              } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
              }
            });
    return options;
  }
}
