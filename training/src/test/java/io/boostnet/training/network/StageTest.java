package io.boostnet.training.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StageTest {

  static List<String> names() {
    return ReferenceNetworks.NAMES;
  }

  @ParameterizedTest
  @MethodSource("names")
  void stages_runOneAfterTheOther_haveEveryValueTheyRead(String name) {
    Network network = ReferenceNetworks.load(name).network().forInference();
    List<Integer> leaving = List.of(0);
    Set<Integer> run = new HashSet<>(Set.of(0));
    for (Stage stage : Stage.cut(network)) {
      assertThat(stage.inputs()).isEqualTo(leaving);
      Set<Integer> at = new HashSet<>(stage.inputs());
      for (Stage.Prefix prefix : stage.restored()) {
        assertThat(stage.inputs()).contains(prefix.of());
        assertThat(network.nodes().get(prefix.value()).shape().channels())
            .isEqualTo(prefix.channels());
        at.add(prefix.value());
      }
      for (int v : stage.nodes()) {
        assertThat(at).containsAll(network.nodes().get(v).inputs());
        at.add(v);
        assertThat(run.add(v)).isTrue();
      }
      assertThat(at).contains(stage.head()).containsAll(stage.carried());
      leaving = stage.carried();
    }
    assertThat(leaving).isEmpty();
    assertThat(run).hasSize(network.nodes().size());
  }

  @Test
  void stages_ofRaNet_carryOnlyTheLongestOfEachChainOfConcatenations() {
    Network network = ReferenceNetworks.load("ranet-cifar100-model1").network().forInference();

    List<Stage> stages = Stage.cut(network);

    assertThat(stages.get(0).carried().stream().map(v -> network.nodes().get(v).shape()))
        .containsExactly(
            new FeatureShape(16, 32, 32),
            new FeatureShape(32, 16, 16),
            new FeatureShape(112, 8, 8));
    assertThat(stages.get(4).carried()).hasSize(1);
  }

  @Test
  void forInference_ofMsdnetGe_dropsGradientScalesAndKeepsTheTensors() {
    Network trained = ReferenceNetworks.load("msdnet-cifar100-n6").network();

    Network served = trained.forInference();

    assertThat(trained.nodes()).anyMatch(Node.GradientScale.class::isInstance);
    assertThat(served.nodes()).noneMatch(Node.GradientScale.class::isInstance);
    assertThat(served.parameters()).isEqualTo(trained.parameters());
    assertThat(served.cumulativeMacs()).isEqualTo(trained.cumulativeMacs());
  }
}
