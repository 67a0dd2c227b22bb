package io.boostnet.jobs.demo;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.event.EventRules;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.Precision;
import io.boostnet.jobs.cli.CostOptions;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.demo.EqualCost.Ids;
import io.boostnet.jobs.demo.EqualCost.Row;
import io.boostnet.jobs.demo.EqualCost.Way;
import io.boostnet.jobs.evaluate.ExitRecord;
import io.boostnet.jobs.evaluate.OfflineCascade;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.load.Corruption;
import io.boostnet.jobs.load.CorruptionOptions;
import io.boostnet.jobs.load.Corruptor;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench events}: events of a video whose content is known, at equal cost. */
@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a video of labelled tracks, two zones that each show one after the other, reads it as"
          + " 'camera' does, and counts the events against what was shown: frames alone, tracks with"
          + " their filter, and with frames skipped, at thresholds for which each spends the same."
          + " Then once more with some of the frames corrupted. Outside of Flink."
    })
public final class EventTrial implements Callable<Integer> {

  private static final int MICRO_BATCH = 8;

  private static final List<Way> WAYS =
      List.of(
          new Way(Ids.NONE, 0),
          new Way(Ids.OBJECTS, 0),
          new Way(Ids.OBJECTS, 1),
          new Way(Ids.OBJECTS, 2),
          new Way(Ids.ZONES, 0),
          new Way(Ids.ZONES, 1),
          new Way(Ids.ZONES, 2));

  @Spec private CommandSpec spec;

  @Option(names = "--bundle", required = true, description = "Model bundle: directory or .zip.")
  private String bundle;

  @Option(names = "--frames", required = true, description = "Frame file, a source a track.")
  private Path frames;

  @Option(
      names = "--mean-costs",
      split = ",",
      description =
          "Mean cost of a picture, as a share of the full network's. Default: ${DEFAULT-VALUE}.")
  private List<Double> costs = List.of(0.5, 0.25);

  @Option(
      names = "--enter",
      description = "When the class of a zone is another. Default: ${DEFAULT-VALUE}.")
  private String enter = "3/5";

  @Option(
      names = "--corrupt",
      split = ",",
      converter = CorruptionOptions.Words.class,
      paramLabel = "<kind:severity>",
      description =
          "What is done to frames, to each one of them; see evaluate --help. Default:"
              + " noise:5,blur:5,occlusion:5.")
  private List<Corruption> corruptions =
      List.of(
          new Corruption(Corruption.Kind.NOISE, 5),
          new Corruption(Corruption.Kind.BLUR, 5),
          new Corruption(Corruption.Kind.OCCLUSION, 5));

  @Option(
      names = "--corrupted",
      description = "Share of the frames that are corrupted. Default: ${DEFAULT-VALUE}.")
  private double corrupted = 0.3;

  @Mixin private CostOptions cost;

  @Option(names = "--seed", description = "Of all that is drawn. Default: ${DEFAULT-VALUE}.")
  private long seed = 7;

  @Option(names = "--report", description = "Write the rows to this file, as JSON.")
  private Path report;

  /**
   * Rows at one cost.
   *
   * @param corrupted share of the frames that were
   * @param cost aimed at
   */
  record Section(double corrupted, double cost, List<Row> rows) {}

  @Override
  public Integer call() throws Exception {
    if (!(corrupted >= 0 && corrupted <= 1)) {
      throw new ConfigException("--corrupted is " + corrupted + "; give a share, 0 to 1.");
    }
    for (double each : costs) {
      if (!(each > 0 && each <= 1)) {
        throw new ConfigException(
            "--mean-costs has " + each + "; give shares of the full network's cost, above 0 to 1.");
      }
    }
    EventRules rules = rules();
    List<SignTrack> tracks = SignTrack.read(frames);
    ModelBundle read = ModelBundle.read(bundle).served(Precision.AUTO, Device.AUTO).verify();
    LabelledVideo video = LabelledVideo.of(tracks, seed);
    Frontier frontier =
        new OptimalStopping().solve(read.calibration(), read.cascade().cost(cost.unit()));
    List<Section> sections = new ArrayList<>();
    for (double share : corrupted == 0 ? List.of(0.0) : List.of(0.0, corrupted)) {
      List<ExitRecord> records =
          OfflineCascade.records(read, Device.AUTO, MICRO_BATCH, corrupted(video.frames(), share));
      EqualCost ways = new EqualCost(video, records, frontier, rules);
      for (double each : costs) {
        sections.add(
            new Section(share, each, WAYS.stream().map(way -> ways.at(each, way)).toList()));
        print(sections.get(sections.size() - 1));
      }
    }
    if (report != null) {
      JsonFile.write(report, sections);
    }
    return 0;
  }

  private EventRules rules() {
    try {
      return EventRules.parse(enter);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--enter: " + e.getMessage() + ".", e);
    }
  }

  private List<ImageFrame> corrupted(List<ImageFrame> clean, double share) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Corruptor> kinds = corruptions.stream().map(kind -> new Corruptor(kind, seed)).toList();
    List<ImageFrame> result = new ArrayList<>();
    try {
      for (ImageFrame frame : clean) {
        ImageFrame copy = ImageFrame.newBuilder(frame).build();
        if (random.nextDouble() < share) {
          kinds.get(random.nextInt(kinds.size())).corrupt(copy);
        }
        result.add(copy);
      }
    } finally {
      kinds.forEach(Corruptor::close);
    }
    return result;
  }

  private void print(Section section) {
    say(
        "%n%.0f %% of the frames corrupted, mean cost %.2f%n%-26s  cost  taken    run  accuracy  events right of  precision   recall  told after p50 p95",
        100 * section.corrupted(), section.cost(), "judged");
    for (Row row : section.rows()) {
      say(
          "%-26s %5.3f %6.3f %6.3f  %7.2f%%  %6d %5d %3d   %7.1f%% %7.1f%%  %14d %3d",
          row.way(),
          row.cost(),
          row.taken(),
          row.ran(),
          100 * row.accuracy(),
          row.events(),
          row.right(),
          row.changes(),
          100 * row.precision(),
          100 * row.recall(),
          row.delayP50(),
          row.delayP95());
    }
  }

  private void say(String format, Object... values) {
    spec.commandLine().getOut().println(String.format(Locale.ROOT, format, values));
    spec.commandLine().getOut().flush();
  }
}
