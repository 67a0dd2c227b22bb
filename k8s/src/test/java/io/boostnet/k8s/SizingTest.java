package io.boostnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers of one place leave room for those of another. */
class SizingTest {

  /** What keep-up holds a subtask's load at while quality is lowered: KeepUpController. */
  private static final double LOAD_WHILE_DEGRADED = 0.9;

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void autoscaler_actsBelowTheLoadOfADegradedJob(Rendered rendered) throws IOException {
    double target = number(rendered, "job.autoscaler.utilization.target");
    double max = number(rendered, "job.autoscaler.utilization.max");
    double min = number(rendered, "job.autoscaler.utilization.min");
    assertThat(List.of(0.0, min, target, max, LOAD_WHILE_DEGRADED - 0.05))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(
            rendered
                .flinkConfiguration()
                .get("job.autoscaler.scaling.effectiveness.detection.enabled"))
        .isEqualTo("false");
    JsonNode serve = WiringTest.serve(rendered);
    assertThat(serve.at("/inference/budget").asText()).matches("keep-up:0\\.\\d+-0\\.\\d+");
    assertThat(serve.at("/job").has("parallelism")).isFalse();
  }

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void parallelisms_spreadThePartitionsEvenly(Rendered rendered) throws IOException {
    String frames = WiringTest.serve(rendered).at("/kafka/topics/frames").asText();
    int partitions = rendered.named("KafkaTopic", frames).at("/spec/partitions").asInt();
    int least = (int) number(rendered, "job.autoscaler.vertex.min-parallelism");
    int most = (int) number(rendered, "job.autoscaler.vertex.max-parallelism");
    int start = rendered.only("FlinkDeployment").at("/spec/job/parallelism").asInt();
    assertThat(List.of(least, most, start)).allMatch(it -> partitions % it == 0);
    assertThat(start).isBetween(least, most);
    assertThat((int) number(rendered, "pipeline.max-parallelism")).isEqualTo(partitions);
  }

  /** Flink's own division of the memory of a process, which the validator does not try. */
  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void memory_leavesAHeap(Rendered rendered) {
    JsonNode spec = rendered.only("FlinkDeployment").path("spec");
    Configuration flink = Configuration.fromMap(rendered.flinkConfiguration());
    flink.set(TaskManagerOptions.CPU_CORES, spec.at("/taskManager/resource/cpu").asDouble());
    flink.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, memory(spec.at("/taskManager/resource")));
    flink.set(JobManagerOptions.TOTAL_PROCESS_MEMORY, memory(spec.at("/jobManager/resource")));
    assertThat(TaskExecutorProcessUtils.processSpecFromConfig(flink).getTaskHeapSize())
        .isGreaterThan(MemorySize.ofMebiBytes(512));
    assertThat(
            JobManagerProcessUtils.processSpecFromConfigWithNewOptionToInterpretLegacyHeap(
                    flink, JobManagerOptions.TOTAL_PROCESS_MEMORY)
                .getJvmHeapMemorySize())
        .isGreaterThan(MemorySize.ofMebiBytes(768));
  }

  private static MemorySize memory(JsonNode resource) {
    return MemorySize.parse(resource.path("memory").asText());
  }

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void quota_holdsTheLargestJobAndKafka(Rendered rendered) {
    JsonNode hard = rendered.only("ResourceQuota").at("/spec/hard");
    for (String side : List.of("requests", "limits")) {
      for (String resource : List.of("cpu", "memory")) {
        BigDecimal needed = flink(rendered, resource).add(kafka(rendered, side, resource));
        assertThat(needed)
            .as("%s.%s", side, resource)
            .isLessThanOrEqualTo(amount(hard.path(side + "." + resource)));
      }
    }
    JsonNode gpus = hard.path("requests.nvidia.com/gpu");
    if (rendered.flinkConfiguration().containsKey("external-resource.gpu.amount")) {
      assertThat(gpus.asInt()).isGreaterThanOrEqualTo(taskManagers(rendered, "max"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.boostnet.k8s.Rendered#all")
  void disruptionBudgets_letANodeBeDrained(Rendered rendered) {
    for (JsonNode budget : rendered.all("PodDisruptionBudget")) {
      boolean taskManagers =
          budget.at("/spec/selector/matchLabels/component").asText().equals("taskmanager");
      int pods =
          taskManagers
              ? taskManagers(rendered, "min")
              : rendered.only("FlinkDeployment").at("/spec/jobManager/replicas").asInt();
      int stay =
          taskManagers
              ? budget.at("/spec/minAvailable").asInt()
              : pods - budget.at("/spec/maxUnavailable").asInt();
      assertThat(stay).isBetween(1, pods - 1);
    }
  }

  /** Flink's limits are its requests, unless an option says otherwise; none does. */
  private static BigDecimal flink(Rendered rendered, String resource) {
    JsonNode spec = rendered.only("FlinkDeployment").path("spec");
    BigDecimal jobManagers = BigDecimal.valueOf(spec.at("/jobManager/replicas").asInt());
    BigDecimal taskManagers = BigDecimal.valueOf(taskManagers(rendered, "max"));
    return one(spec.at("/jobManager/resource"), resource)
        .multiply(jobManagers)
        .add(one(spec.at("/taskManager/resource"), resource).multiply(taskManagers));
  }

  private static BigDecimal one(JsonNode process, String resource) {
    return resource.equals("cpu")
        ? process.path("cpu").decimalValue()
        : BigDecimal.valueOf(memory(process).getBytes());
  }

  private static BigDecimal kafka(Rendered rendered, String side, String resource) {
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode pool : rendered.all("KafkaNodePool")) {
      sum =
          sum.add(
              amount(pool.at("/spec/resources").path(side).path(resource))
                  .multiply(BigDecimal.valueOf(pool.at("/spec/replicas").asInt())));
    }
    for (String operator : List.of("topicOperator", "userOperator")) {
      sum =
          sum.add(
              amount(
                  rendered
                      .only("Kafka")
                      .at("/spec/entityOperator")
                      .path(operator)
                      .path("resources")
                      .path(side)
                      .path(resource)));
    }
    return sum;
  }

  private static BigDecimal amount(JsonNode quantity) {
    return Quantity.getAmountInBytes(new Quantity(quantity.asText()));
  }

  private static int taskManagers(Rendered rendered, String bound) {
    double slots = number(rendered, "taskmanager.numberOfTaskSlots");
    return (int)
        Math.ceil(number(rendered, "job.autoscaler.vertex." + bound + "-parallelism") / slots);
  }

  private static double number(Rendered rendered, String option) {
    return Double.parseDouble(rendered.flinkConfiguration().get(option));
  }
}
