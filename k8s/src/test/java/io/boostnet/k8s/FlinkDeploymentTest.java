package io.boostnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.apache.flink.kubernetes.operator.config.FlinkConfigManager;
import org.apache.flink.kubernetes.operator.validation.DefaultValidator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The operator's own validator has nothing against the FlinkDeployment, and knows the options that
 * it sets. It sees a copy with the last version that it knows: see {@link StrictTypes}. Flink's own
 * options are tested in jobs, where the job's Flink is on the class path.
 */
class FlinkDeploymentTest {

  private final DefaultValidator validator =
      new DefaultValidator(new FlinkConfigManager(new Configuration()));

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void operatorsValidator_hasNothingAgainstIt(Rendered rendered) {
    JsonNode deployment = rendered.only("FlinkDeployment");
    assertThat(deployment.at("/spec/flinkVersion").asText()).isEqualTo(StrictTypes.FLINK_VERSION);
    assertThat(refusal(rendered, spec -> {})).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void operatorsValidator_refusesWhatIsWrong(Rendered rendered) {
    assertThat(refusal(rendered, spec -> spec.withObject("/job").put("parallelism", 0)))
        .hasValueSatisfying(it -> assertThat(it).contains("parallelism"));
    assertThat(refusal(rendered, without("execution.checkpointing.savepoint-dir")))
        .hasValueSatisfying(it -> assertThat(it).containsIgnoringCase("savepoint"));
    assertThat(refusal(rendered, without("execution.checkpointing.dir")))
        .hasValueSatisfying(it -> assertThat(it).contains("Checkpoint directory"));
    assertThat(refusal(rendered, with("job.autoscaler.target.utilization", "-1")))
        .hasValueSatisfying(it -> assertThat(it).contains("job.autoscaler.target.utilization"));
    assertThat(
            refusal(
                rendered,
                without("high-availability.type")
                    .andThen(spec -> spec.withObject("/jobManager").put("replicas", 2))))
        .hasValueSatisfying(it -> assertThat(it).containsIgnoringCase("high availability"));
  }

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void optionsOfAutoscalerAndOperator_existAndParse(Rendered rendered) {
    assertThat(OperatorOptions.of(rendered)).hasSizeGreaterThan(10);
    assertThat(OperatorOptions.faults(OperatorOptions.of(rendered))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void anOption_misspelt_isFound(Rendered rendered) {
    for (String key : OperatorOptions.of(rendered).keySet()) {
      Map<String, String> misspelt = OperatorOptions.of(rendered);
      misspelt.put(key + "s", misspelt.remove(key));
      assertThat(OperatorOptions.faults(misspelt)).containsExactly(key + "s is no option");
    }
  }

  @Test
  void anOption_withAValueOfAnotherType_isFound() {
    Map<String, String> options =
        Map.of(
            "job.autoscaler.utilization.target", "most",
            "job.autoscaler.enabled", "si",
            "kubernetes.operator.periodic.savepoint.interval", "1 2 3");
    assertThat(OperatorOptions.faults(options)).hasSize(2).noneMatch(it -> it.contains("periodic"));
  }

  private Optional<String> refusal(Rendered rendered, Consumer<ObjectNode> change) {
    ObjectNode deployment = rendered.only("FlinkDeployment").deepCopy();
    change.accept((ObjectNode) deployment.get("spec"));
    return validator.validateDeployment((FlinkDeployment) StrictTypes.read(deployment));
  }

  private static Consumer<ObjectNode> with(String option, String value) {
    return spec -> spec.withObject("/flinkConfiguration").put(option, value);
  }

  private static Consumer<ObjectNode> without(String option) {
    return spec -> spec.withObject("/flinkConfiguration").remove(option);
  }
}
