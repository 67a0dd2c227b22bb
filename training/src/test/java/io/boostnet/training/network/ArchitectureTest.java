package io.boostnet.training.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void arguments_notGiven_areFilledIn() {
    Architecture architecture = new Architecture("msdnet_ge", Map.of("nBlocks", "6"));

    assertThat(architecture.arguments())
        .containsEntry("nBlocks", "6")
        .containsEntry("growthRate", "6")
        .containsEntry("prune", "max");
  }

  @Test
  void argument_unknown_isRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Architecture("ranet", Map.of("prune", "max")))
        .withMessageContaining("prune")
        .withMessageContaining("scale-list");
  }

  @Test
  void argument_notANumber_isRefusedByNameAndValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Architecture("msdnet", Map.of("nBlocks", "six")))
        .withMessage("argument nBlocks is \"six\"; it must be a whole number");
  }

  @Test
  void family_unknown_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Architecture("vgg", Map.of()))
        .withMessageContaining("vgg");
  }

  @Test
  void scales_tooManyForTheImage_areRefusedWhenBuilt() {
    Architecture four =
        new Architecture("msdnet", Map.of("grFactor", "1-2-4-4", "bnFactor", "1-2-4-4"));

    assertThatThrownBy(() -> four.network(32, 32, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 x 4 pixels");
  }

  @Test
  void channels_thatDoNotSplitInTwo_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Architecture("msdnet", Map.of("growthRate", "3", "grFactor", "1-1-1")))
        .withMessageContaining("even");
  }

  @Test
  void pruneMin_keepsAllScalesUntilTheLastLayers() {
    Network min =
        new Architecture("msdnet", Map.of("nBlocks", "2", "reduction", "0", "prune", "min"))
            .network(32, 32, 10);
    Network max =
        new Architecture("msdnet", Map.of("nBlocks", "2", "reduction", "0", "prune", "max"))
            .network(32, 32, 10);

    assertThat(min.cumulativeMacs().get(1)).isGreaterThan(max.cumulativeMacs().get(1));
  }

  @Test
  void ensembleWeights_firstAndLast_areSpreadEvenly() {
    assertThat(EnsembleWeights.parse("0.2,0.6", 5).values())
        .containsExactly(0.2, 0.3, 0.4, 0.5, 0.6);
    assertThat(EnsembleWeights.parse("0.5", 3).values()).isEqualTo(List.of(0.5, 0.5, 0.5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EnsembleWeights.parse("1,2,3", 4))
        .withMessageContaining("4 exits");
  }
}
