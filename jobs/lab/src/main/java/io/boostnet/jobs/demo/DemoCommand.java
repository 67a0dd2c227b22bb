package io.boostnet.jobs.demo;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.Precision;
import io.boostnet.jobs.cli.ExitOptions;
import io.boostnet.jobs.config.BudgetConverter;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.dashboard.LivePage;
import io.boostnet.jobs.evaluate.EventScore;
import io.boostnet.jobs.evaluate.OfflineCascade;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile;
import io.boostnet.jobs.run.JobRun;
import io.boostnet.jobs.run.RunReport;
import io.boostnet.jobs.serve.InferenceConfig;
import io.boostnet.jobs.serve.Inferences;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code boostnet demo}: everything at once, on this machine. */
@Command(
    name = "demo",
    description =
        "Run the Kafka job on an embedded broker under load, and check that every frame has exactly"
            + " one outcome.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {

  /** Share of one thread's speed, were no frame to leave early, that the default load asks for. */
  private static final double SAFE_SHARE = 0.3;

  private static final String DEFAULT_BUDGET = "keep-up:0.2-0.8";
  private static final double DEFAULT_AUDIT = 0.01;

  private static final double BURST_PERIOD = 20;

  private static final int FRAMES_TO_MEASURE = 200;

  private static final String SIGNS = "gtsrb";

  @Spec private CommandSpec spec;

  @Option(names = "--bundle", description = "Model bundle. Default: the shipped one.")
  private String bundle;

  @Option(names = "--frames", description = "Frame file. Default: the shipped one.")
  private Path frames;

  @Option(names = "--seconds", description = "How long to publish. Default: ${DEFAULT-VALUE}.")
  private double seconds = 60;

  @Option(
      names = "--rate",
      description = "Frames per second. Default: 0.3 of what one thread can do without early exit.")
  private Double rate;

  @Option(
      names = "--burst",
      description =
          "Factor on the rate in the last quarter of every 20 s; 1 for a steady load. Default:"
              + " ${DEFAULT-VALUE}.")
  private double burst = 5;

  @Option(
      names = "--bad",
      description = "Deliberately bad records among the frames. Default: ${DEFAULT-VALUE}.")
  private int bad = 8;

  @Mixin private ExitOptions exits;

  @Option(
      names = "--budget",
      converter = BudgetConverter.class,
      description =
          "In place of thresholds: fixed:<share>, keep-up, keep-up:<least>-<target> or"
              + " deadline:<time>ms; see serve --help. Default: "
              + DEFAULT_BUDGET
              + ".")
  private Budget budget;

  @Option(
      names = "--audit",
      description =
          "Share of the early exits that also run to the last exit, to tell how often the two agree."
              + " Default: "
              + DEFAULT_AUDIT
              + ", under a deadline 0.")
  private Double audit;

  @Option(names = "--parallelism", description = "Subtasks. Default: ${DEFAULT-VALUE}.")
  private int parallelism = 2;

  @Option(
      names = "--checkpoint-interval-ms",
      description = "Time between checkpoints. Default: ${DEFAULT-VALUE}.")
  private int checkpointIntervalMs = 2000;

  @Option(
      names = "--page-port",
      description = "Port of the live page, 0 for a free one. Default: ${DEFAULT-VALUE}.")
  private int pagePort = 0;

  @Option(names = "--no-page", description = "Without the live page.")
  private boolean noPage;

  @Option(
      names = "--video",
      description =
          "Cameras, ffmpeg processes that show known signs in two zones each, in place of the load;"
              + " the events of the job are counted against what was shown.")
  private boolean video;

  @Option(names = "--cameras", description = "Of --video, 1 to 64. Default: ${DEFAULT-VALUE}.")
  private int cameras = 2;

  @Option(
      names = "--camera-rate",
      description = "Pictures taken a second of each camera of --video. Default: all 10.")
  private Double cameraRate;

  @Option(
      names = "--hold",
      description =
          "Seconds that each sign of --video stays as it was seen last. Default: ${DEFAULT-VALUE}.")
  private double hold = 0;

  @Mixin private TrackOptions tracking;

  @Option(names = "--report", description = "Write the summary to this file, as JSON.")
  private Path report;

  @Override
  public Integer call() throws Exception {
    if (video) {
      return runVideo();
    }
    String location = bundle == null ? shipped("models").toString() : bundle;
    Path file = frames == null ? shipped("frames") : frames;
    ModelBundle read = ModelBundle.read(location).served(Precision.AUTO, Device.AUTO).verify();
    Thresholds thresholds = exits.thresholds(read, CostUnit.TIME);
    LoadPlan plan = plan(read, file);

    say("Starting a Kafka broker and Flink in this JVM ...");
    RunReport result;
    try (JobRun demo = new JobRun(this::say)) {
      ServeConfig config = config(location, demo.bootstrapServers(), thresholds);
      say("Kafka broker: " + demo.bootstrapServers());
      EarlyExitInference inference = Inferences.of(config);
      try (LivePage page = noPage ? null : demo.page(config.kafka().topics(), pagePort)) {
        result = demo.run(config, inference, plan);
      }
    }
    print(result);
    if (report != null) {
      JsonFile.write(report, result);
    }
    return result.addsUp() ? 0 : 1;
  }

  private int runVideo() throws Exception {
    if (cameras < 1 || cameras > 64) {
      throw new ConfigException("--cameras is %d; give 1 to 64.".formatted(cameras));
    }
    if (!(hold >= 0 && hold <= 3600)) {
      throw new ConfigException("--hold is %s; give 0 to 3600 seconds.".formatted(hold));
    }
    String location = bundle == null ? shipped("models", SIGNS).toString() : bundle;
    Path tracks = frames == null ? shipped("frames", SIGNS) : frames;
    ModelBundle read = ModelBundle.read(location).served(Precision.AUTO, Device.AUTO).verify();
    VideoDemo.Show show = new VideoDemo.Show(tracks, seconds, hold, cameras, cameraRate);
    VideoDemo demo = new VideoDemo(this::say, location, show);
    VideoDemo.Result result =
        demo.run(
            inference(exits.thresholds(read, CostUnit.TIME)),
            parallelism,
            checkpointIntervalMs,
            noPage ? null : pagePort);
    VideoRecords records = result.records();
    EventScore score = records.score();
    say("");
    line(
        "frames",
        "%,d shown, %,d published, %,d decided",
        result.shown(),
        result.published(),
        records.predictions());
    line("lost on the way", "%d", result.dropped());
    line("accuracy", "%.2f %%", 100 * records.accuracy());
    line("mean cost", "%.3f of the full network", records.meanCost());
    line("inherited", "%.1f %% of the frames", 100 * records.inheritedShare());
    line("events", "%d, of %d changes; %d right", score.events(), score.changes(), score.right());
    line("precision, recall", "%.3f, %.3f", score.precision(), score.recall());
    line(
        "told after",
        "p50 %.1f s, p95 %.1f s",
        (double) score.delay(0.5) / SignVideo.FRAMES_PER_SECOND,
        (double) score.delay(0.95) / SignVideo.FRAMES_PER_SECOND);
    boolean addsUp =
        records.predictions() == (cameraRate == null ? result.shown() : result.published());
    say(addsUp ? "Every frame has exactly one prediction." : "The counts do NOT add up.");
    return addsUp ? 0 : 1;
  }

  private ServeConfig config(String location, String bootstrapServers, Thresholds thresholds) {
    try {
      return JobRun.config(
          location, bootstrapServers, inference(thresholds), parallelism, checkpointIntervalMs);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The demo cannot be set up: " + e.getMessage() + ".", e);
    }
  }

  private InferenceConfig inference(Thresholds thresholds) {
    if (thresholds == null) {
      Budget chosen = budget == null ? Budget.parse(DEFAULT_BUDGET) : budget;
      return tracking.in(InferenceConfig.DEFAULT.withBudget(chosen).withAudit(audit(chosen)));
    }
    if (budget != null) {
      throw new IllegalArgumentException("a budget and thresholds are both given; keep one");
    }
    return tracking.in(
        InferenceConfig.DEFAULT.withThresholds(thresholds.toArray()).withAudit(audit(null)));
  }

  private double audit(Budget chosen) {
    if (audit != null) {
      return audit;
    }
    return chosen instanceof Budget.Deadline ? 0 : DEFAULT_AUDIT;
  }

  private LoadPlan plan(ModelBundle read, Path file) throws Exception {
    double perSecond = rate == null ? safeRate(read, file) : rate;
    try {
      LoadProfile load =
          burst == 1
              ? new LoadProfile.Steady(perSecond)
              : new LoadProfile.Burst(perSecond, burst * perSecond, BURST_PERIOD, BURST_PERIOD / 4);
      return LoadPlan.lasting(seconds, file, TopicConfig.DEFAULT.frames(), load, bad);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The load cannot be planned: " + e.getMessage() + ".", e);
    }
  }

  private double safeRate(ModelBundle read, Path file) throws Exception {
    List<ImageFrame> sample = new ArrayList<>();
    try (FrameFile all = FrameFile.open(file)) {
      while (all.hasNext() && sample.size() < FRAMES_TO_MEASURE) {
        sample.add(all.next());
      }
    }
    double capacity = OfflineCascade.framesPerSecond(read, Device.AUTO, sample);
    double safe = Math.max(1, Math.floor(SAFE_SHARE * capacity));
    say(
        "One thread runs the whole network on %.0f frames/s; the load is %.0f frames/s, in bursts %.0f."
            .formatted(capacity, safe, burst * safe));
    return safe;
  }

  /** The first entry of a directory of {@code jobs/demo}. */
  private static Path shipped(String kind) {
    return shipped(kind, "");
  }

  private static Path shipped(String kind, String prefix) {
    Path directory = Path.of(System.getProperty("boostnet.root", "."), "jobs", "demo", kind);
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> entry.getFileName().toString().startsWith(prefix))
          .sorted()
          .findFirst()
          .orElseThrow();
    } catch (IOException | NoSuchElementException e) {
      throw new ConfigException(
          "There is nothing in " + directory + "; give --bundle and --frames.", e);
    }
  }

  private void print(RunReport result) {
    PrintWriter out = spec.commandLine().getOut();
    StringBuilder shares = new StringBuilder();
    for (double share : result.exitShares()) {
      shares.append(shares.isEmpty() ? "" : " / ").append("%.1f".formatted(100 * share));
    }
    out.println();
    line("published", "%,d records, %d of them bad", result.published(), result.badPublished());
    line(
        "outcomes",
        "%,d predictions + %,d dead letters",
        result.predictions(),
        result.deadLetters());
    line("missing, doubled", "%d, %d", result.missing(), result.doubled());
    line("bad, not dead", "%d", result.badMissing().size());
    line(
        "accuracy",
        "%s",
        result.accuracy() == null ? "-" : "%.2f %%".formatted(100 * result.accuracy()));
    line("left at exits", "%s %%", shares);
    line("mean cost", "%.3f of the full network", result.meanCost());
    line("throughput", "%.1f frames/s", result.throughput());
    latency("decided after", result.decisionLatencyMs());
    latency("readable after", result.visibleLatencyMs());
    out.println(
        result.addsUp() ? "Every record has exactly one outcome." : "The counts do NOT add up.");
    out.flush();
  }

  private void latency(String name, RunReport.Latency latency) {
    line(
        name, "p50 %.0f ms, p95 %.0f ms, p99 %.0f ms", latency.p50(), latency.p95(), latency.p99());
  }

  private void line(String name, String format, Object... values) {
    say("%-17s %s".formatted(name, String.format(Locale.ROOT, format, values)));
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
