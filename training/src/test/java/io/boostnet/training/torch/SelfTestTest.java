package io.boostnet.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import io.boostnet.training.input.BadInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The test of libtorch. Its real faults need a processor with faulty cache properties, so that a
 * convolution that lies as oneDNN does there stands in for it.
 */
class SelfTestTest {

  private static final Convolution RIGHT = new PlainConvolution();

  private final List<String> lines = new ArrayList<>();
  private final AtomicBoolean cured = new AtomicBoolean();
  private final SelfTest.Cure cure =
      new SelfTest.Cure(
          "oneDNN off",
          "about a fifth of the speed",
          () -> {
            cured.set(true);
            return true;
          });

  /** What a lying kernel gets wrong. */
  enum Lie {
    OUTPUT,
    INPUT_GRADIENT,
    KERNEL_GRADIENT,
    NAN
  }

  /** Adds up what lies behind the channels where they are no multiple of 16. */
  private Convolution lying(Lie lie) {
    return (size, input, kernel, weighting) -> {
      Convolution.Result right = RIGHT.compute(size, input, kernel, weighting);
      if (!cured.get()) {
        switch (lie) {
          case OUTPUT ->
              right.output()[7] += size.channels() > 16 && size.channels() % 16 > 0 ? 9 : 0;
          case INPUT_GRADIENT -> right.inputGradient()[7] += size.outputs() % 16 > 0 ? 9 : 0;
          case KERNEL_GRADIENT -> right.kernelGradient()[7] += size.stride() > 1 ? 0.01f : 0;
          case NAN -> right.output()[0] = Float.NaN;
        }
      }
      return right;
    };
  }

  @ParameterizedTest
  @EnumSource
  void lyingKernel_isCaughtAndCured(Lie lie) {
    assertThat(SelfTest.run(lying(lie), List.of(cure), lines::add)).isEqualTo("oneDNN off");
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0))
        .contains("computes convolutions wrongly")
        .contains("with oneDNN off it is right, which costs about a fifth of the speed");
  }

  @Test
  void kernelThatNoCureHelps_isRefusedInOneSentence() {
    SelfTest.Cure impossible = new SelfTest.Cure("no threads", "all", () -> false);
    SelfTest.Cure useless = new SelfTest.Cure("another order", "nothing", () -> true);
    assertThatThrownBy(
            () -> SelfTest.run(lying(Lie.OUTPUT), List.of(impossible, useless), lines::add))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("computes convolutions wrongly on this processor")
        .hasMessageContaining("ONEDNN_MAX_CPU_ISA=SSE41");
    assertThat(lines).isEmpty();
  }

  @Test
  void rightKernel_isLeftAlone() {
    assertThat(SelfTest.run(RIGHT, List.of(cure), lines::add)).isEmpty();
    assertThat(cured).isFalse();
    assertThat(lines).isEmpty();
  }

  /** With oneDNN this is the machine's own, and may be wrong; without it, it must be right. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void libtorchAsItRunsHere_isRight_alsoWithoutOneDnn(boolean asItRuns) {
    String version = Torch.version();
    Convolution torch = new TorchConvolution(Engine.getEngine("PyTorch"));
    boolean needsCure = version.contains("oneDNN off");
    try {
      if (!asItRuns) {
        assertThat(OneDnn.enable(false)).isTrue();
      }
      assertThat(SelfTest.largestError(torch)).isLessThan(1e-4);
    } finally {
      OneDnn.enable(!needsCure);
    }
  }

  /** Where caches read as zeroes NNPACK said in a line for every convolution that it cannot run. */
  @Test
  void withoutOneDnn_whatRunsInItsPlaceIsSilent() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Convolving.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains(Convolving.DONE).doesNotContain("NNPACK");
  }

  /** A process that computes without oneDNN what libtorch would have given to NNPACK. */
  static final class Convolving {

    private static final String DONE = "computed";

    private Convolving() {}

    public static void main(String[] arguments) {
      Torch.version();
      if (!OneDnn.enable(false)) {
        throw new IllegalStateException("oneDNN cannot be switched off");
      }
      Convolution.Size size = new Convolution.Size(32, 16, 16, 32, 1);
      new TorchConvolution(Engine.getEngine("PyTorch"))
          .compute(
              size,
              new float[size.inputElements()],
              new float[size.kernelElements()],
              new float[size.outputElements()]);
      System.out.println(DONE);
    }
  }
}
