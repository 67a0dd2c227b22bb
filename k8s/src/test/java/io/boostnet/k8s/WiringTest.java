package io.boostnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one resource says of another holds: names, ports, paths, rights. */
class WiringTest {

  @Test
  void everyFile_isPartOfItsKustomization() throws IOException {
    try (Stream<Path> files =
        Stream.concat(Files.walk(Path.of("base")), Files.walk(Path.of("overlays")))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("kustomization.yaml")) {
          assertThat(Files.readString(file.resolveSibling("kustomization.yaml")))
              .contains(file.getFileName().toString());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void filesThatTheJobNames_areMounted(Rendered rendered) throws IOException {
    List<String> args = texts(rendered.only("FlinkDeployment").at("/spec/job/args"));
    assertThat(args).startsWith("serve", "--config").hasSize(3);
    String directory =
        mountOf(rendered, volume(rendered, "configMap", "name", generated(rendered)));
    assertThat(args.get(2)).isEqualTo(directory + "/serve.yaml");
    assertThat(texts(serve(rendered).at("/kafka/clientProperties")))
        .containsExactly(directory + "/kafka.properties");
    String authority = rendered.only("Kafka").at("/metadata/name").asText() + "-cluster-ca-cert";
    assertThat(kafkaProperties(rendered).getProperty("ssl.truststore.location"))
        .isEqualTo(
            mountOf(rendered, volume(rendered, "secret", "secretName", authority)) + "/ca.crt");
  }

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void theJobsKafkaUser_mayDoWhatTheJobDoes(Rendered rendered) throws IOException {
    JsonNode serve = serve(rendered);
    JsonNode variable = named(container(rendered).path("env"), "KAFKA_SASL_JAAS_CONFIG");
    assertThat(kafkaProperties(rendered).getProperty("sasl.jaas.config"))
        .isEqualTo("${env:KAFKA_SASL_JAAS_CONFIG}");
    JsonNode acls =
        rendered
            .named("KafkaUser", variable.at("/valueFrom/secretKeyRef/name").asText())
            .at("/spec/authorization/acls");
    JsonNode topics = serve.at("/kafka/topics");
    assertThat(operations(acls, "topic", topics.path("frames"))).contains("Read", "Describe");
    assertThat(operations(acls, "topic", topics.path("deadLetters"))).contains("DescribeConfigs");
    for (String sink : List.of("predictions", "deadLetters", "controlEvents")) {
      assertThat(operations(acls, "topic", topics.path(sink))).contains("Write", "Describe");
    }
    topics.forEach(it -> assertThat(rendered.named("KafkaTopic", it.asText())).isNotNull());
    assertThat(operations(acls, "group", serve.at("/kafka/groupId"))).contains("Read");
    JsonNode runs = TextNode.valueOf("boostnet.pipeline." + serve.path("pipeline").asText());
    assertThat(operations(acls, "group", runs)).contains("Read");
    JsonNode transactions =
        stream(acls)
            .filter(it -> it.at("/resource/type").asText().equals("transactionalId"))
            .findFirst()
            .orElseThrow();
    assertThat(transactions.at("/resource/patternType").asText()).isEqualTo("prefix");
    assertThat(transactions.at("/resource/name").asText())
        .isEqualTo(serve.path("pipeline").asText());
    assertThat(texts(transactions.path("operations"))).contains("Write", "Describe");
  }

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void readers_mayReadWhatTheLivePageShows(Rendered rendered) throws IOException {
    JsonNode acls = rendered.named("KafkaUser", "boostnet-readers").at("/spec/authorization/acls");
    JsonNode topics = serve(rendered).at("/kafka/topics");
    for (String shown : List.of("frames", "predictions", "deadLetters", "controlEvents")) {
      assertThat(operations(acls, "topic", topics.path(shown)))
          .containsExactlyInAnyOrder("Read", "Describe");
    }
  }

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void brokersAreReachedOverTls_andNoOtherWay(Rendered rendered) throws IOException {
    JsonNode kafka = rendered.only("Kafka");
    JsonNode listeners = kafka.at("/spec/kafka/listeners");
    assertThat(listeners).hasSize(1);
    assertThat(listeners.at("/0/tls").asBoolean()).isTrue();
    assertThat(listeners.at("/0/authentication/type").asText()).isEqualTo("scram-sha-512");
    assertThat(kafkaProperties(rendered))
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512");
    String port = listeners.at("/0/port").asText();
    assertThat(serve(rendered).at("/kafka/bootstrapServers").asText())
        .isEqualTo(kafka.at("/metadata/name").asText() + "-kafka-bootstrap:" + port);
    assertThat(
            stream(rendered.named("NetworkPolicy", "boostnet").at("/spec/egress"))
                .flatMap(it -> stream(it.path("ports")))
                .map(it -> it.path("port").asText()))
        .contains(port);
    for (String kind : List.of("KafkaNodePool", "KafkaTopic", "KafkaUser")) {
      assertThat(rendered.all(kind))
          .isNotEmpty()
          .allMatch(
              it ->
                  it.at("/metadata/labels/strimzi.io~1cluster").equals(kafka.at("/metadata/name")));
    }
  }

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void prometheus_findsThePortOfTheMetrics(Rendered rendered) {
    String port = rendered.only("PodMonitor").at("/spec/podMetricsEndpoints/0/port").asText();
    assertThat(named(container(rendered).path("ports"), port).path("containerPort").asText())
        .isEqualTo(rendered.flinkConfiguration().get("metrics.reporter.prom.port"));
    assertThat(
            stream(rendered.named("NetworkPolicy", "boostnet").at("/spec/ingress"))
                .flatMap(it -> stream(it.path("ports")))
                .map(it -> it.path("port").asText()))
        .contains(port);
  }

  /** The labels that Flink gives to its pods are made of the deployment's name. */
  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void whatSelectsFlinksPods_selectsThem(Rendered rendered) {
    JsonNode name = rendered.only("FlinkDeployment").at("/metadata/name");
    assertThat(rendered.only("PodMonitor").at("/spec/selector/matchLabels/app")).isEqualTo(name);
    assertThat(rendered.named("NetworkPolicy", "boostnet").at("/spec/podSelector/matchLabels/app"))
        .isEqualTo(name);
    assertThat(rendered.all("PodDisruptionBudget"))
        .allMatch(it -> it.at("/spec/selector/matchLabels/app").equals(name));
    JsonNode account = rendered.only("FlinkDeployment").at("/spec/serviceAccount");
    assertThat(rendered.only("ServiceAccount").at("/metadata/name")).isEqualTo(account);
    JsonNode binding = rendered.only("RoleBinding");
    assertThat(binding.at("/subjects/0/name")).isEqualTo(account);
    assertThat(binding.at("/subjects/0/namespace"))
        .isEqualTo(rendered.only("ServiceAccount").at("/metadata/namespace"));
    assertThat(binding.at("/roleRef/name")).isEqualTo(rendered.only("Role").at("/metadata/name"));
  }

  /** The pod security level "restricted" of Kubernetes, as far as a template can break it. */
  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void pods_areRestricted(Rendered rendered) {
    assertThat(
            rendered
                .only("Namespace")
                .at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                .asText())
        .isEqualTo("restricted");
    assertRestricted(
        rendered.only("FlinkDeployment").at("/spec/podTemplate/spec/securityContext"),
        container(rendered).path("securityContext"));
    JsonNode kafka = rendered.only("Kafka");
    assertRestricted(
        kafka.at("/spec/kafka/template/pod/securityContext"),
        kafka.at("/spec/kafka/template/kafkaContainer/securityContext"));
    for (String operator : List.of("topicOperatorContainer", "userOperatorContainer")) {
      JsonNode context =
          kafka.at("/spec/entityOperator/template").path(operator).path("securityContext");
      assertRestricted(context, context);
    }
  }

  private static void assertRestricted(JsonNode pod, JsonNode container) {
    assertThat(pod.path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(texts(container.at("/capabilities/drop"))).containsExactly("ALL");
  }

  private static JsonNode container(Rendered rendered) {
    return named(
        rendered.only("FlinkDeployment").at("/spec/podTemplate/spec/containers"),
        "flink-main-container");
  }

  private static String generated(Rendered rendered) {
    return rendered.only("ConfigMap").at("/metadata/name").asText();
  }

  private static String volume(Rendered rendered, String source, String field, String value) {
    return stream(rendered.only("FlinkDeployment").at("/spec/podTemplate/spec/volumes"))
        .filter(it -> it.path(source).path(field).asText().equals(value))
        .map(it -> it.path("name").asText())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no volume of " + source + " " + value));
  }

  private static String mountOf(Rendered rendered, String volume) {
    return named(container(rendered).path("volumeMounts"), volume).path("mountPath").asText();
  }

  static JsonNode serve(Rendered rendered) throws IOException {
    return Rendered.YAML.readTree(rendered.only("ConfigMap").at("/data/serve.yaml").asText());
  }

  private static Properties kafkaProperties(Rendered rendered) throws IOException {
    Properties properties = new Properties();
    properties.load(
        new StringReader(rendered.only("ConfigMap").at("/data/kafka.properties").asText()));
    return properties;
  }

  private static List<String> operations(JsonNode acls, String type, JsonNode name) {
    return stream(acls)
        .filter(
            it ->
                it.at("/resource/type").asText().equals(type)
                    && it.at("/resource/name").equals(name))
        .flatMap(it -> texts(it.path("operations")).stream())
        .toList();
  }

  private static JsonNode named(JsonNode list, String name) {
    return stream(list)
        .filter(it -> it.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing is called " + name + " in " + list));
  }

  private static List<String> texts(JsonNode list) {
    return stream(list).map(JsonNode::asText).toList();
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
