package io.boostnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rendered resource is what its API takes, and the check would notice if it were not. */
class StrictTypesTest {

  /** Maps whose keys are free in their API. Other tests look at what the job depends on in them. */
  private static final Pattern FREE =
      Pattern.compile(
          ".*/(labels|annotations|matchLabels|flinkConfiguration|data|hard|requests|limits|config)/[^/]*");

  private static final Set<String> KINDS =
      Set.of(
          "Namespace",
          "ConfigMap",
          "ServiceAccount",
          "ResourceQuota",
          "Role",
          "RoleBinding",
          "NetworkPolicy",
          "PodMonitor",
          "PrometheusRule",
          "FlinkDeployment",
          "Kafka",
          "KafkaNodePool",
          "KafkaTopic",
          "KafkaUser");

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void everyResource_rendered_isOfItsApi(Rendered rendered) {
    for (JsonNode resource : rendered.resources()) {
      assertThat(StrictTypes.read(resource)).isNotNull();
    }
    assertThat(rendered.resources().stream().map(it -> it.path("kind").asText()))
        .containsAll(KINDS)
        .as("secrets are made in the cluster, not kept in files")
        .doesNotContain("Secret");
  }

  /** Each field of each resource in turn gets another name. */
  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void aField_misspelt_isRefused(Rendered rendered) {
    List<String> accepted = new ArrayList<>();
    int tried = 0;
    for (JsonNode resource : rendered.resources()) {
      for (String field : typedFields(resource)) {
        tried++;
        try {
          StrictTypes.read(misspelt(resource, field));
          accepted.add(resource.path("kind").asText() + field);
        } catch (IllegalArgumentException e) {
          // As it should be.
        }
      }
    }
    assertThat(accepted).isEmpty();
    assertThat(tried).isGreaterThan(500);
  }

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void aDeprecatedField_isRefused(Rendered rendered) {
    ObjectNode kafka = rendered.only("Kafka").deepCopy();
    kafka.withObject("/spec/kafka").put("replicas", 3); // belongs to a node pool since Strimzi 0.46
    assertThatThrownBy(() -> StrictTypes.read(kafka)).hasMessageContaining("\"replicas\"");
  }

  private static List<String> typedFields(JsonNode resource) {
    List<String> fields = new ArrayList<>();
    collect(resource, "", fields);
    fields.removeIf(FREE.asMatchPredicate());
    return fields;
  }

  private static void collect(JsonNode node, String path, List<String> fields) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              it -> {
                String field = path + "/" + it.getKey().replace("~", "~0").replace("/", "~1");
                fields.add(field);
                collect(it.getValue(), field, fields);
              });
    } else {
      for (int i = 0; i < node.size(); i++) {
        collect(node.get(i), path + "/" + i, fields);
      }
    }
  }

  private static JsonNode misspelt(JsonNode resource, String field) {
    JsonNode copy = resource.deepCopy();
    JsonPointer pointer = JsonPointer.compile(field);
    ObjectNode parent = (ObjectNode) copy.at(pointer.head());
    String name = pointer.last().getMatchingProperty();
    parent.set(name + "s", parent.remove(name));
    return copy;
  }
}
