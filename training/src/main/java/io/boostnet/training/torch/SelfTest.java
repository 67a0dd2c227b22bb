package io.boostnet.training.torch;

import io.boostnet.training.input.BadInputException;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Whether this machine's libtorch computes convolutions rightly, forward and both gradients, before
 * anything is made with it; where it does not, whether it does with a cure.
 *
 * <p>oneDNN 3.7, which is inside libtorch 2.7, takes every cache for one byte where the processor's
 * cache properties read as zeroes (CPUID leaf 0x8000001D of an AMD guest whose hypervisor left it
 * empty). Its 3 x 3 convolutions then add up what lies behind the channels: the output where more
 * than 16 input channels are no multiple of 16, the gradient of the input where the output channels
 * are none, by any amount and sometimes as NaN, and without a word.
 *
 * @see <a href="https://github.com/uxlfoundation/oneDNN/issues/5313">the same on AArch64</a>
 */
final class SelfTest {

  /** Sums of at most 400 products of normal numbers are wrong beyond rounding from here on. */
  private static final double ALLOWED = 1e-3;

  /** More than one image, since a single small one goes past oneDNN. */
  private static final List<Convolution.Size> SIZES =
      List.of(
          new Convolution.Size(2, 20, 4, 8, 1),
          new Convolution.Size(2, 4, 20, 8, 1),
          new Convolution.Size(2, 24, 24, 7, 2),
          new Convolution.Size(2, 16, 16, 4, 1));

  private static final Convolution RIGHT = new PlainConvolution();

  private SelfTest() {}

  /**
   * Something that makes a library compute otherwise.
   *
   * @param name what it leaves the library as, for records: {@code oneDNN off}
   * @param cost what it costs, in words
   * @param apply changes the library in this process; false where it cannot be changed
   */
  record Cure(String name, String cost, BooleanSupplier apply) {}

  /**
   * Tests, and cures where needed.
   *
   * @param convolution of the library
   * @param cures to try one after the other, the cheapest first
   * @param line receives a line that says what was done, where anything was
   * @return name of the cure that was applied; empty where the library is right as it is
   * @throws BadInputException where it stays wrong
   */
  static String run(Convolution convolution, List<Cure> cures, Consumer<String> line) {
    double error = largestError(convolution);
    if (error <= ALLOWED) {
      return "";
    }
    for (Cure cure : cures) {
      if (cure.apply().getAsBoolean() && largestError(convolution) <= ALLOWED) {
        line.accept(
            String.format(
                "libtorch computes convolutions wrongly on this processor (by %.3g); with %s it is right, which costs %s",
                error, cure.name(), cure.cost()));
        return cure.name();
      }
    }
    throw BadInputException.of(
        "libtorch computes convolutions wrongly on this processor (by %.3g), and nothing that can be changed in this process cures it:"
            + " set ONEDNN_MAX_CPU_ISA=SSE41 in the environment, or take another machine.",
        error);
  }

  /** Largest difference to the plain convolution; infinite where there is a NaN. */
  static double largestError(Convolution convolution) {
    Random random = new Random(1);
    double largest = 0;
    for (Convolution.Size size : SIZES) {
      float[] input = normal(random, size.inputElements());
      float[] kernel = normal(random, size.kernelElements());
      float[] weighting = normal(random, size.outputElements());
      Convolution.Result got = convolution.compute(size, input, kernel, weighting);
      Convolution.Result right = RIGHT.compute(size, input, kernel, weighting);
      largest = Math.max(largest, difference(got.output(), right.output()));
      largest = Math.max(largest, difference(got.inputGradient(), right.inputGradient()));
      largest = Math.max(largest, difference(got.kernelGradient(), right.kernelGradient()));
    }
    return largest;
  }

  private static double difference(float[] got, float[] right) {
    double largest = 0;
    for (int i = 0; i < right.length; i++) {
      double difference = Math.abs((double) got[i] - right[i]);
      largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    return largest;
  }

  private static float[] normal(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
