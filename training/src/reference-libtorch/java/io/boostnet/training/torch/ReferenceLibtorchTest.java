package io.boostnet.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.training.network.Parameter;
import org.assertj.core.data.Percentage;

/**
 * The three steps on the build of libtorch that the reference figures were made with, and with the
 * three classes beside this one in place of the product's, which compute the same in the order of
 * the official code: then every single tensor goes as the official one.
 */
class ReferenceLibtorchTest extends ReferenceTrainingTest {

  @Override
  Percentage laterLosses() {
    return Percentage.withPercentage(0.01);
  }

  @Override
  double allowed(double official, double all) {
    return 1e-5 * official;
  }

  @Override
  void assertNorm(Parameter parameter, double norm, double official) {
    assertThat(norm).as(parameter.name()).isCloseTo(official, Percentage.withPercentage(0.01));
  }
}
