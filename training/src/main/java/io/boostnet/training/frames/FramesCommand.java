package io.boostnet.training.frames;

import io.boostnet.training.data.DataOptions;
import io.boostnet.training.data.DataSets;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.DataSplits.Split;
import io.boostnet.training.data.LabelledImages;
import io.boostnet.training.frames.FrameSelection.Order;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
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
    description =
        "Turns a data set, or a folder of images, into a frame file that can be replayed as a stream.",
    footer = {
      "",
      "Examples:",
      "  2,000 test images of CIFAR-100 as of 16 cameras, from the archive as it was downloaded:",
      "    boostnet frames cifar-100-binary.tar.gz --limit 2000 --output cifar100.avro",
      "  60 whole tracks that a model trained with the same split has never seen:",
      "    boostnet frames gtsrb-tracks/ --layout TRACKS --sources 60 --output signs.avro",
      "  the pictures of a video, without labels, in the order of their names:",
      "    boostnet frames pictures/ --rate 25 --output road.avro"
    })
public final class FramesCommand implements Callable<Integer> {

  private static final int SHUFFLED_SPREAD = 16;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DATA",
      description =
          "CIFAR archive or folder, folder of class folders, folder of tracks, or folder of images without classes.")
  private Path data;

  @Option(
      names = {"-o", "--output"},
      required = true,
      description = "The frame file to write.")
  private Path output;

  @Option(
      names = "--split",
      description =
          "Which split: ${COMPLETION-CANDIDATES}. Default: TEST; images without classes have no splits.")
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
      names = "--order",
      defaultValue = "SHUFFLED",
      description =
          "Order of the frames: ${COMPLETION-CANDIDATES}. SHUFFLED shuffles labelled images, and whole tracks, since data sets are laid"
              + " out class by class; images without classes stay in the order of their names. Default: ${DEFAULT-VALUE}.")
  private Order order;

  @Option(
      names = "--spread",
      description =
          "Deal the images of each source over so many sources in turn, as if several cameras saw"
              + " them; sources are what spreads over Kafka partitions. Default: "
              + SHUFFLED_SPREAD
              + " for labelled images that are shuffled, else 1.")
  private Integer spread;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the sample and of the shuffle. Default: ${DEFAULT-VALUE}.")
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
    if (spread != null && spread < 1) {
      throw BadInputException.of("--spread is %d; it must be at least 1.", spread);
    }
    LabelledImages images = images();
    Path folder = output.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw BadInputException.of(
          "There is no folder %s to write %s to.", folder, output.getFileName());
    }
    int flawed = write(images);
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %,d frames of %s, %,d bytes%s%n",
            output,
            images.size(),
            images.name(),
            Files.size(output),
            flawed == 0
                ? ""
                : "; %,d images break their format's rules where no pixel depends on it"
                    .formatted(flawed));
    return 0;
  }

  private LabelledImages images() {
    if (DataSets.isUnlabelled(data, dataOptions.layout())) {
      if (split != null) {
        throw BadInputException.of(
            "--split is %s, but the images of %s have no classes, and so no splits.", split, data);
      }
      return new FrameSelection(limit, sources, seed, Order.DATA_SET).of(DataSets.unlabelled(data));
    }
    DataSplits splits = dataOptions.open(data);
    spec.commandLine().getOut().print(splits.counts());
    Split chosen = split == null ? Split.TEST : split;
    LabelledImages images =
        new FrameSelection(limit, sources, seed, order).of(splits.images(chosen));
    if (images.size() == 0) {
      throw BadInputException.of("The %s split of %s is empty.", chosen, data);
    }
    return images;
  }

  private int write(LabelledImages images) throws IOException {
    boolean oneSource =
        IntStream.range(0, images.size()).mapToObj(images::sourceId).distinct().limit(2).count()
            < 2;
    boolean dealt = oneSource && order == Order.SHUFFLED && !images.classNames().isEmpty();
    int cameras = spread != null ? spread : dealt ? SHUFFLED_SPREAD : 1;
    if (System.console() == null) {
      return FrameFile.write(images, output, start, rate, cameras, done -> {});
    }
    try (ProgressBar bar = new ProgressBar("frames", images.size())) {
      return FrameFile.write(images, output, start, rate, cameras, bar::stepTo);
    }
  }
}
