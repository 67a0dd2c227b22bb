package io.boostnet.k8s;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.util.Map;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;

/**
 * Reads resources into the classes of their APIs and refuses what these do not know. Those classes
 * are lenient by their annotations: they keep or skip unknown fields, since a cluster may be newer
 * than a client. Here the annotations that say so are not heeded, so that a typo is an error; nor
 * are fields that an API has deprecated.
 */
final class StrictTypes {

  /**
   * The version that the manifests name is newer than any operator API on Maven Central. The last
   * one that these know stands in for it, here and in the operator's validator.
   */
  static final String FLINK_VERSION = "v2_3";

  static final String KNOWN_FLINK_VERSION = "v1_20";

  private static final Map<String, Class<?>> TYPES =
      Map.ofEntries(
          Map.entry("v1/Namespace", Namespace.class),
          Map.entry("v1/ConfigMap", ConfigMap.class),
          Map.entry("v1/ServiceAccount", ServiceAccount.class),
          Map.entry("v1/ResourceQuota", ResourceQuota.class),
          Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
          Map.entry("rbac.authorization.k8s.io/v1/Role", Role.class),
          Map.entry("rbac.authorization.k8s.io/v1/RoleBinding", RoleBinding.class),
          Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
          Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("monitoring.coreos.com/v1/PodMonitor", PodMonitor.class),
          Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
          Map.entry("flink.apache.org/v1beta1/FlinkDeployment", FlinkDeployment.class),
          Map.entry("kafka.strimzi.io/v1/Kafka", Kafka.class),
          Map.entry("kafka.strimzi.io/v1/KafkaNodePool", KafkaNodePool.class),
          Map.entry("kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class),
          Map.entry("kafka.strimzi.io/v1/KafkaUser", KafkaUser.class));

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_IGNORED_PROPERTIES)
          .annotationIntrospector(new HeedNoLeniency())
          .build();

  private StrictTypes() {}

  /**
   * Reads a resource.
   *
   * @throws IllegalArgumentException where its kind, a field or a value is not of its API
   */
  static Object read(JsonNode resource) {
    String kind = resource.path("apiVersion").asText() + "/" + resource.path("kind").asText();
    Class<?> type = TYPES.get(kind);
    if (type == null) {
      throw new IllegalArgumentException(kind + " is not a kind that is checked here");
    }
    try {
      return MAPPER.treeToValue(
          type == FlinkDeployment.class ? withKnownVersion(resource) : resource, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          kind + " " + resource.at("/metadata/name").asText() + ": " + e.getMessage(), e);
    }
  }

  private static JsonNode withKnownVersion(JsonNode deployment) {
    ObjectNode copy = deployment.deepCopy();
    if (copy.get("spec") instanceof ObjectNode spec
        && spec.path("flinkVersion").asText().equals(FLINK_VERSION)) {
      spec.put("flinkVersion", KNOWN_FLINK_VERSION);
    }
    return copy;
  }

  private static final class HeedNoLeniency extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated member) {
      return false;
    }

    @Override
    public JsonIgnoreProperties.Value findPropertyIgnoralByName(
        MapperConfig<?> config, Annotated type) {
      return JsonIgnoreProperties.Value.empty();
    }

    @Override
    public boolean hasIgnoreMarker(AnnotatedMember member) {
      return super.hasIgnoreMarker(member) || member.hasAnnotation(Deprecated.class);
    }
  }
}
