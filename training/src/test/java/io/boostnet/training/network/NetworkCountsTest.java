package io.boostnet.training.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkCountsTest {

  static List<String> names() {
    return ReferenceNetworks.NAMES;
  }

  @ParameterizedTest
  @MethodSource("names")
  void counts_ofEveryReferenceNetwork_areTheOfficialOnes(String name) {
    ReferenceNetworks reference = ReferenceNetworks.load(name);

    assertThat(reference.network().cumulativeMacs()).isEqualTo(reference.macs());
    assertThat(reference.network().cumulativeParameters()).isEqualTo(reference.parameters());
  }
}
