package io.boostnet.jobs.bench;

import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.jobs.broker.BrokerProcess;
import io.boostnet.jobs.cli.ExitOptions;
import io.boostnet.jobs.cli.Progress;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.SingleObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.avro.message.BinaryMessageEncoder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench report}: how fast, at which accuracy, how late, and beside what. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the operator chain and the Kafka job between the physical limit (a bare loop around"
          + " ONNX Runtime) and what is usually written (a naive mapper, a mapper after Crayfish).",
      "Rows take turns, round after round; ratios are taken within a round. The broker is a process"
          + " of its own. Nothing else should run on the machine. The sections:",
      "  throughput  images/s, processor time, allocation; goodput at equal accuracy",
      "  latency     percentiles under open-loop load at shares of the capacity",
      "  scaling     1 to --parallelism slots",
      "  cost        number of stages, micro-batch size, image size, a stage boundary",
      "  startup     from submission to the first prediction"
    },
    footer = {
      "",
      "Example:",
      "  boostnet bench report --bundle jobs/demo/models/gtsrb-msdnet \\",
      "    --frames jobs/demo/frames/gtsrb-tracks.avro --report docs/benchmarks.json \\",
      "    --markdown docs/benchmarks.md --plot docs/benchmarks.png"
    })
final class ReportCommand implements Callable<Integer> {

  /** Published beyond what a run takes, so that it never runs dry while it is cancelled. */
  private static final double RESERVE = 1.5;

  private static final int QUICK_IMAGES = 400;
  private static final int QUICK_SECONDS = 5;

  /** Turns of a process before those that count, at most. */
  private static final int MOST_WARM_UPS = 8;

  private static final int QUICK_WARM_UPS = 2;

  @Spec private CommandSpec spec;

  @Option(names = "--bundle", required = true, description = "Model bundle: directory or .zip.")
  private String bundle;

  @Option(names = "--frames", required = true, description = "Frame file with labels.")
  private Path frames;

  @Mixin private ExitOptions exits;

  @Option(
      names = "--loss",
      description =
          "Where no exits are given: the cheapest whose accuracy on the calibration evidence is at"
              + " most so many points under the full network's. Default: ${DEFAULT-VALUE}.")
  private double loss = 0.5;

  @Option(
      names = "--parallelism",
      description = "Threads of the loop, subtasks of the jobs. Default: ${DEFAULT-VALUE}.")
  private int parallelism = 2;

  @Option(names = "--rounds", description = "Times every row runs. Default: ${DEFAULT-VALUE}.")
  private int rounds = 5;

  @Option(
      names = "--images",
      description =
          "Images per row and round, after the warm-up; a quarter in the cost section. Default:"
              + " ${DEFAULT-VALUE}.")
  private long images = 20_000;

  @Option(
      names = "--seconds",
      description =
          "Length of each load of the latency section. Default: 60; with --baseline 10, at most 14.")
  private Integer seconds;

  @Option(
      names = "--only",
      split = ",",
      description = "Sections to run: ${COMPLETION-CANDIDATES}. Default: all.")
  private Set<Part> only = EnumSet.allOf(Part.class);

  @Option(
      names = "--quick",
      description = "One short round of everything, to see that it runs; the figures are noise.")
  private boolean quick;

  @Option(
      names = "--baseline",
      paramLabel = "CHECKOUT",
      description =
          "Another checkout of this project, in place of the sections: its stages, its job on Kafka, its"
              + " latency and memory and those of this build, in turns, and the ratios pair by pair,"
              + " beside loops around the stages and Kafka alone. Its bundle is that of the same path"
              + " there.")
  private Path baseline;

  @Option(names = "--report", description = "File to write the figures to, as JSON.")
  private Path report;

  @Option(names = "--markdown", description = "File to write the report to, as Markdown.")
  private Path markdown;

  @Option(names = "--plot", description = "File to draw the figures in, as PNG.")
  private Path plot;

  /** Sections by their names on the command line. */
  enum Part {
    THROUGHPUT,
    LATENCY,
    SCALING,
    COST,
    STARTUP
  }

  @Override
  public Integer call() throws Exception {
    if (quick) {
      rounds = 1;
      images = QUICK_IMAGES;
      seconds = QUICK_SECONDS;
    }
    if (seconds == null) {
      seconds = baseline == null ? 60 : 10;
    }
    check();
    Map<String, String> machine = Machine.describe();
    if (baseline != null) {
      return compare(machine);
    }
    Workload work = Workload.read(bundle, frames, parallelism);
    work = work.leavingAt(thresholds(work));
    List<Table> tables = new ArrayList<>();
    List<Section.Target> targets = new ArrayList<>();
    say("Starting a broker and filling its topics ...");
    try (BrokerProcess broker = BrokerProcess.start();
        Topics topics = new Topics(KafkaAccess.to(broker.bootstrapServers()), parallelism);
        RandomBundles bundles = new RandomBundles()) {
      List<Section> sections = sections(work, topics, bundles);
      int steps = sections.stream().mapToInt(Section::steps).sum();
      try (ProgressBar bar = Progress.open("bench", steps)) {
        for (Section section : sections) {
          Section.Result result = section.run(bar);
          tables.addAll(result.tables());
          targets.addAll(result.targets());
        }
      }
    }
    report(machine, setting(work), tables, targets);
    return 0;
  }

  private int compare(Map<String, String> machine) throws Exception {
    Path build = Path.of(System.getProperty("boostnet.root", ".")).toAbsolutePath().normalize();
    Path other = baseline.toAbsolutePath().normalize();
    Checkout.launcher(other);
    checkBaseline();
    Path file = frames.toAbsolutePath();
    Checkout ours = Checkout.read(build, bundle, file, parallelism, this::thresholds);
    Checkout others = Checkout.read(other, bundle, file, parallelism, this::thresholds);
    WarmUp warmUp = new WarmUp(quick ? QUICK_WARM_UPS : MOST_WARM_UPS);
    BaselineComparison comparison =
        new BaselineComparison(ours, others, rounds, images, seconds, warmUp);
    Section.Result result;
    try (ProgressBar bar = Progress.open("bench", comparison.steps())) {
      result = comparison.run(bar);
    }
    Map<String, String> setting = setting(ours.work());
    setting.put("baseline", baseline.toString());
    setting.put("exits of the baseline", others.work().thresholds().toString());
    report(machine, setting, result.tables(), result.targets());
    return 0;
  }

  private void report(
      Map<String, String> machine,
      Map<String, String> setting,
      List<Table> tables,
      List<Section.Target> targets) {
    BenchReport result =
        new BenchReport(
            "./boostnet " + String.join(" ", spec.commandLine().getParseResult().originalArgs()),
            machine,
            setting,
            tables,
            targets);
    say(result.text());
    write(result);
  }

  private void check() {
    if (rounds < 1 || images < 100 || seconds < 2 || parallelism < 1 || !(loss >= 0)) {
      throw new ConfigException(
          "rounds is %d, images %d, seconds %d, parallelism %d, loss %s; at least 1, 100, 2, 1 and 0 are needed."
              .formatted(rounds, images, seconds, parallelism, loss));
    }
  }

  private void checkBaseline() {
    if (seconds > LatencyComparison.MOST_SECONDS) {
      throw new ConfigException(
          "--seconds is %d; with --baseline at most %d, since each job stands still while the others run, and Flink starts one again that does so for 50 s."
              .formatted(seconds, LatencyComparison.MOST_SECONDS));
    }
  }

  private Thresholds thresholds(Workload work) {
    Thresholds given = exits.thresholds(work.bundle(), CostUnit.TIME);
    return given != null ? given : EqualAccuracy.thresholds(work.bundle(), loss / 100);
  }

  private List<Section> sections(Workload work, Topics topics, RandomBundles bundles)
      throws Exception {
    long published = (long) (RESERVE * (images + Workload.warmUp(images))) + 2_000;
    String frameTopic = topics.create("frames");
    fillWithFrames(topics, frameTopic, work, published);
    Setting setting = new Setting(work, topics, frameTopic, rounds, images, seconds);
    List<Section> sections = new ArrayList<>();
    ThroughputSection throughput = null;
    if (only.contains(Part.THROUGHPUT)) {
      String tensorTopic = topics.create("tensors");
      byte[][] tensors = CrayfishContender.records(work);
      topics.fill(tensorTopic, published, i -> tensors[(int) (i % tensors.length)]);
      throughput = new ThroughputSection(setting, tensorTopic);
      sections.add(throughput);
    }
    if (only.contains(Part.LATENCY)) {
      ThroughputSection measured = throughput;
      sections.add(
          new LatencySection(
              setting, () -> measured == null ? Double.NaN : measured.kafkaImagesPerSecond()));
    }
    if (only.contains(Part.SCALING)) {
      sections.add(new ScalingSection(setting));
    }
    if (only.contains(Part.COST)) {
      List<Workload> bySize = new ArrayList<>();
      for (String location : bundles.make()) {
        bySize.add(Workload.read(location, frames, parallelism));
      }
      sections.add(new CostSection(setting.withImages(Math.max(1, images / 4)), bySize));
    }
    if (only.contains(Part.STARTUP)) {
      sections.add(new StartupSection(setting));
    }
    return sections;
  }

  private static void fillWithFrames(Topics topics, String topic, Workload work, long count) {
    BinaryMessageEncoder<ImageFrame> encoder = SingleObject.encoder(ImageFrame.class);
    topics.fill(
        topic,
        count,
        i -> {
          try {
            ByteBuffer value = encoder.encode(work.frames().get((int) (i % work.frames().size())));
            byte[] bytes = new byte[value.remaining()];
            value.get(bytes);
            return bytes;
          } catch (IOException e) {
            throw new UncheckedIOException("encoding a frame", e);
          }
        });
  }

  private Map<String, String> setting(Workload work) {
    Map<String, String> setting = new LinkedHashMap<>();
    setting.put(
        "bundle",
        "%s %s, %d exits"
            .formatted(
                work.bundle().cascade().name(),
                work.bundle().cascade().version(),
                work.bundle().cascade().exits()));
    setting.put("frames", "%s, %,d frames".formatted(frames.getFileName(), work.frames().size()));
    setting.put("exits", work.thresholds().toString());
    setting.put("slots", String.valueOf(parallelism));
    setting.put("rounds", "%d of %,d images".formatted(rounds, images));
    return setting;
  }

  private void write(BenchReport result) {
    if (report != null) {
      JsonFile.write(report, result);
    }
    if (plot != null) {
      BenchPlot.write(plot, result.tables());
    }
    if (markdown != null) {
      result.writeMarkdown(markdown, plot);
    }
  }

  private void say(String text) {
    spec.commandLine().getOut().println(text);
    spec.commandLine().getOut().flush();
  }
}
