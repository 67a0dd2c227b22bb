package io.boostnet.jobs.bench;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.codec.ImageDecoder;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.image.BadImageException;
import io.boostnet.image.ImageLimits;
import io.boostnet.image.ImageReader;
import io.boostnet.image.Resize;
import io.boostnet.jobs.cli.Progress;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.evaluate.OfflineCascade;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Interpolation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench images}: what decoding and resizing cost, and what they change. */
@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Decoding and resizing of a frame file's images, with every interpolation, decoded whole and as"
          + " small as serving decodes them, in turns: processor time, how far the pixels lie apart,"
          + " and how many frames the last exit gives another class.",
      "Nothing else should run on the machine."
    })
final class ImagesCommand implements Callable<Integer> {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @Spec private CommandSpec spec;

  @Option(names = "--frames", required = true, description = "Frame file with JPEG or PNG images.")
  private Path frames;

  @ArgGroup(multiplicity = "1")
  private Target target;

  /** What the images are resized to. */
  static final class Target {

    @Option(
        names = "--bundle",
        required = true,
        description = "Model bundle whose input the images become and whose classes are compared.")
    private String bundle;

    @Option(
        names = "--size",
        required = true,
        description = "Pixels of a side to stretch to; no classes are compared.")
    private int size;
  }

  @Option(
      names = "--repeats",
      description =
          "Times every image is read each way; the best counts. Default: ${DEFAULT-VALUE}.")
  private int repeats = 3;

  /** One way to read, with what it made. */
  private static final class Way implements AutoCloseable {

    private final ImageReader reader;
    private final List<byte[]> planes = new ArrayList<>();
    private final int size;
    private long nanos;

    Way(ImageReader reader, Resize resize) {
      this.reader = reader;
      this.size = resize.planesSize();
    }

    void read(byte[] image, int repeats) throws BadImageException {
      long best = Long.MAX_VALUE;
      for (int i = 0; i < repeats; i++) {
        long start = THREADS.getCurrentThreadCpuTime();
        reader.read(image);
        best = Math.min(best, THREADS.getCurrentThreadCpuTime() - start);
      }
      nanos += best;
      byte[] pixels = new byte[size];
      reader.copyPlanes(pixels, 0);
      planes.add(pixels);
    }

    double millis() {
      return nanos / 1e6 / planes.size();
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  @Override
  public Integer call() throws IOException, InferenceException {
    if (repeats < 1) {
      throw new ConfigException("--repeats is " + repeats + "; it must be at least 1.");
    }
    ModelBundle bundle = target.bundle == null ? null : ModelBundle.read(target.bundle).verify();
    Resize resize =
        bundle == null
            ? Resize.stretch(target.size, target.size)
            : ImageDecoder.resize(bundle.cascade().preprocessing());
    Map<Interpolation, Way> whole = new EnumMap<>(Interpolation.class);
    Map<Interpolation, Way> smaller = new EnumMap<>(Interpolation.class);
    for (Interpolation interpolation : Interpolation.values()) {
      Resize to = resize.with(interpolation);
      whole.put(interpolation, new Way(ImageReader.ofWholeImages(to, ImageLimits.DEFAULT), to));
      smaller.put(interpolation, new Way(new ImageReader(to, ImageLimits.DEFAULT), to));
    }
    try {
      read(List.copyOf(whole.values()), List.copyOf(smaller.values()));
      print(compared(bundle, resize, whole, smaller));
    } finally {
      whole.values().forEach(Way::close);
      smaller.values().forEach(Way::close);
    }
    return 0;
  }

  private void read(List<Way> whole, List<Way> smaller) throws IOException {
    try (FrameFile file = FrameFile.open(frames);
        ProgressBar bar = Progress.open("images", FrameFile.count(frames))) {
      while (file.hasNext()) {
        ImageFrame frame = file.next();
        byte[] image = new byte[frame.getImage().remaining()];
        frame.getImage().get(image);
        for (int i = 0; i < whole.size(); i++) {
          whole.get(i).read(image, repeats);
          smaller.get(i).read(image, repeats);
        }
        bar.step();
      }
    } catch (BadImageException e) {
      throw new ConfigException("A frame of " + frames + ": " + e.getMessage() + ".", e);
    }
  }

  private Table compared(
      ModelBundle bundle,
      Resize resize,
      Map<Interpolation, Way> whole,
      Map<Interpolation, Way> smaller)
      throws IOException, InferenceException {
    Table table =
        Table.of(
            "%d images into %d x %d%s"
                .formatted(
                    whole.get(Interpolation.AREA).planes.size(),
                    resize.width(),
                    resize.height(),
                    bundle == null ? "" : " of " + bundle.cascade().name()),
            "Processor time of the check, decoding and resizing of an image. Levels (of 256) apart"
                + " and classes changed: against the antialiased bilinear of PIL, then against the"
                + " same interpolation of the image decoded whole.",
            "CPU ms",
            "%.2f",
            "to PIL: mean",
            "%.2f",
            "most",
            "%.0f",
            "classes",
            "%.0f",
            "to whole: mean",
            "%.2f",
            "at most",
            "%.0f",
            "classes changed",
            "%.0f");
    Way pil = whole.get(Interpolation.BILINEAR);
    for (Interpolation interpolation : Interpolation.values()) {
      Way before = whole.get(interpolation);
      String name = interpolation.name().toLowerCase(java.util.Locale.ROOT);
      table.row(name + ", whole", figures(bundle, resize, before, pil, before));
      table.row(
          name + ", as served", figures(bundle, resize, smaller.get(interpolation), pil, before));
    }
    return table;
  }

  private static double[] figures(ModelBundle bundle, Resize resize, Way way, Way pil, Way whole)
      throws IOException, InferenceException {
    return new double[] {
      way.millis(),
      meanApart(way, pil),
      mostApart(way, pil),
      changed(bundle, resize, way, pil),
      meanApart(way, whole),
      mostApart(way, whole),
      changed(bundle, resize, way, whole)
    };
  }

  private static double meanApart(Way one, Way other) {
    long sum = 0;
    for (int i = 0; i < one.planes.size(); i++) {
      for (int p = 0; p < one.size; p++) {
        sum += apart(one.planes.get(i)[p], other.planes.get(i)[p]);
      }
    }
    return (double) sum / one.planes.size() / one.size;
  }

  private static int mostApart(Way one, Way other) {
    int most = 0;
    for (int i = 0; i < one.planes.size(); i++) {
      for (int p = 0; p < one.size; p++) {
        most = Math.max(most, apart(one.planes.get(i)[p], other.planes.get(i)[p]));
      }
    }
    return most;
  }

  private static int apart(byte one, byte other) {
    return Math.abs((one & 0xff) - (other & 0xff));
  }

  private static double changed(ModelBundle bundle, Resize resize, Way one, Way other)
      throws IOException, InferenceException {
    if (bundle == null) {
      return Double.NaN;
    }
    int[] ones = OfflineCascade.lastClasses(bundle, Device.CPU, raw(resize, one));
    int[] others = OfflineCascade.lastClasses(bundle, Device.CPU, raw(resize, other));
    int changed = 0;
    for (int i = 0; i < ones.length; i++) {
      changed += ones[i] == others[i] ? 0 : 1;
    }
    return changed;
  }

  /** The pixels as frames that are not resized again. */
  private static List<ImageFrame> raw(Resize resize, Way way) {
    return way.planes.stream()
        .map(
            planes ->
                ImageFrame.newBuilder()
                    .setSourceId("")
                    .setSequence(0)
                    .setTimestampMs(0)
                    .setContentType(ImageDecoder.RAW)
                    .setImage(ByteBuffer.wrap(planes))
                    .setWidth(resize.width())
                    .setHeight(resize.height())
                    .build())
        .toList();
  }

  private void print(Table table) {
    spec.commandLine().getOut().println(table.text());
  }
}
