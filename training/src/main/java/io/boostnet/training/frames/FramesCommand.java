package io.boostnet.training.frames;

import io.boostnet.training.data.DataOptions;
import io.boostnet.training.data.DataSplits.Split;
import io.boostnet.training.data.LabelledImages;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code frames}: turns a data set into a frame file. */
@Command(
    name = "frames",
    mixinStandardHelpOptions = true,
    description = "Turns a labelled data set into a frame file that can be replayed as a stream.",
    footer = {
      "",
      "Examples:",
      "  2,000 test images of CIFAR-100 as of 16 cameras, from the archive as it was downloaded:",
      "    boostnet frames cifar-100-binary.tar.gz --limit 2000 --spread 16 --output cifar100.avro",
      "  60 whole tracks that a model trained with the same split has never seen:",
      "    boostnet frames gtsrb-tracks/ --layout TRACKS --sources 60 --output signs.avro"
    })
public final class FramesCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DATA",
      description = "CIFAR archive or folder, folder of class folders, or folder of tracks.")
  private Path data;

  @Option(
      names = {"-o", "--output"},
      required = true,
      description = "The frame file to write.")
  private Path output;

  @Option(
      names = "--split",
      defaultValue = "TEST",
      description = "Which split: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Split split;

  @Option(
      names = "--limit",
      defaultValue = "0",
      description = "Sample at most so many images. Default: all.")
  private int limit;

  @Option(
      names = "--sources",
      defaultValue = "0",
      description = "Sample at most so many sources (tracks), each whole. Default: all.")
  private int sources;

  @Option(
      names = "--spread",
      defaultValue = "1",
      description =
          "Deal the images of each source over so many sources in turn, as if several cameras saw"
              + " them; sources are what spreads over Kafka partitions. Default: ${DEFAULT-VALUE}.")
  private int spread;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the sample. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--rate",
      defaultValue = "100",
      description = "Frames per second of the event times written. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--start",
      defaultValue = "2026-01-01T00:00:00Z",
      description = "Event time of the first frame. Default: ${DEFAULT-VALUE}.")
  private Instant start;

  @Mixin private DataOptions dataOptions;

  @Override
  public Integer call() throws IOException {
    if (!(rate > 0)) {
      throw BadInputException.of("--rate is %s; it must be above 0.", rate);
    }
    if (spread < 1) {
      throw BadInputException.of("--spread is %d; it must be at least 1.", spread);
    }
    LabelledImages images =
        new FrameSelection(limit, sources, seed).of(dataOptions.open(data).images(split));
    if (images.size() == 0) {
      throw BadInputException.of("The %s split of %s is empty.", split, data);
    }
    Path folder = output.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw BadInputException.of(
          "There is no folder %s to write %s to.", folder, output.getFileName());
    }
    if (System.console() == null) {
      FrameFile.write(images, output, start, rate, spread, done -> {});
    } else {
      try (ProgressBar bar = new ProgressBar("frames", images.size())) {
        FrameFile.write(images, output, start, rate, spread, bar::stepTo);
      }
    }
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %,d frames of %s, %,d bytes%n",
            output,
            images.size(),
            images.name(),
            Files.size(output));
    return 0;
  }
}
