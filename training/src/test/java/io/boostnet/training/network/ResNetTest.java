package io.boostnet.training.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ResNetTest {

  @Test
  void resNet20_ofThePaper_hasItsParameters() {
    Network network = new Architecture("resnet", Map.of()).network(32, 32, 10);

    assertThat(network.exits()).hasSize(1);
    // 0.27 million in table 6 of the paper (He et al., 2016), whose shortcuts have no weights;
    // the two 1 x 1 convolutions with their normalisation bring 16 * 32 + 32 * 64 + 2 * (32 + 64).
    assertThat(network.cumulativeParameters().get(0))
        .isEqualTo(269_722L + 16 * 32 + 32 * 64 + 2 * (32 + 64));
  }

  @Test
  void depth_thatIsNotSixTimesAndTwo_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Architecture("resnet", Map.of("depth", "18")))
        .withMessageContaining("depth is 18");
  }

  @Test
  void argument_ofAnotherFamily_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Architecture("resnet", Map.of("nBlocks", "3")))
        .withMessageContaining("nBlocks")
        .withMessageContaining("depth, width");
  }
}
