package io.boostnet.jobs.load;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that say what is done to images. */
public final class CorruptionOptions {

  @Option(
      names = "--corrupt",
      converter = Words.class,
      paramLabel = "<kind:severity>",
      description =
          "Corrupt images: noise, blur, contrast, fog or occlusion, with a severity of 1 to 5, as"
              + " noise:3. Parameters are those of CIFAR-10-C, for 32 x 32 pixels; occlusion is a"
              + " grey square.")
  private Corruption corruption;

  @Option(
      names = "--seed",
      description =
          "Seed of the drift: the same seed and frame give the same image. Default:"
              + " ${DEFAULT-VALUE}.")
  private long seed = 1;

  /** What is asked for; null for nothing. */
  public Corruption corruption() {
    return corruption;
  }

  /** The seed. */
  public long seed() {
    return seed;
  }

  /** Corruptions of the command line. */
  public static final class Words implements ITypeConverter<Corruption> {

    @Override
    public Corruption convert(String text) {
      try {
        return Corruption.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
