package io.boostnet.jobs.trial;

import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.event.EventRules;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.jobs.evaluate.EventScore;
import io.boostnet.jobs.evaluate.TrueChange;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile;
import io.boostnet.jobs.serve.InferenceConfig;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.Prediction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench tracks}: what tracks and still pictures save, in the running job. */
@Command(
    name = "tracks",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "The Kafka job on labelled tracks, each a source: frames alone, and with filter and skip. Then"
          + " on still cameras, each of which shows an image for a while, with fresh noise in every"
          + " frame: frames alone, and with frames that inherit where nothing changed. At constant"
          + " thresholds, so that what is saved is seen.",
      "Exit code 0 where every frame has one outcome, else 1."
    })
public final class TrackTrial implements Callable<Integer> {

  private static final int SILENCE_MS = 60_000;

  @Spec private CommandSpec spec;

  @Mixin private TrialOptions options;

  @Mixin private SubtasksOption parallelism;

  @Option(
      names = "--share",
      description = "Mean cost of a frame that is run. Default: ${DEFAULT-VALUE}.")
  private double share = 0.55;

  @Option(names = "--skip", description = "Frames skipped once sure. Default: ${DEFAULT-VALUE}.")
  private int skip = 2;

  @Option(
      names = "--unchanged",
      description = "Levels within which a frame is unchanged. Default: ${DEFAULT-VALUE}.")
  private double unchanged = 8;

  @Option(
      names = "--noise",
      description = "Noise of the still cameras, in levels. Default: ${DEFAULT-VALUE}.")
  private double noise = 2;

  @Option(names = "--rate", description = "Frames per second. Default: ${DEFAULT-VALUE}.")
  private double rate = 400;

  /**
   * A run.
   *
   * @param name what ran
   * @param frames predictions
   * @param missing frames without an outcome
   * @param doubled outcomes beyond the first of a frame
   * @param meanCost mean cost of a frame, those that inherited among them
   * @param ran frames that were run: calls of the first stage, by rows
   * @param accuracy share of the frames that were classified right
   * @param events changes that a source's frames tell, by three of the last five
   * @param right events among them that tell a true change, see {@link EventScore}
   * @param changes true changes
   */
  record Row(
      String name,
      long frames,
      long missing,
      long doubled,
      double meanCost,
      long ran,
      double accuracy,
      int events,
      int right,
      int changes) {}

  /**
   * The report.
   *
   * @param share mean cost of a frame that is run, as solved for
   */
  record Report(String bundle, double share, double rate, List<Row> rows) {}

  @Override
  public Integer call() throws Exception {
    TrialOptions.requirePositive("--rate", rate);
    Trial trial = options.trial(parallelism.subtasks(), this::say);
    Thresholds thresholds =
        new OptimalStopping()
            .solve(trial.bundle().calibration(), trial.cost())
            .at(share)
            .thresholds();
    InferenceConfig alone = InferenceConfig.DEFAULT.withThresholds(thresholds.toArray());
    Map<String, Trial.Run> runs = new LinkedHashMap<>();
    LoadPlan tracks = plan(trial.frames(), FrameFile.count(trial.frames()));
    runs.put("tracks, frames alone", trial.run(alone, tracks));
    runs.put("tracks, skip " + skip, trial.run(alone.withTracks("source", skip), tracks));
    Path still = Files.createTempFile("still", ".avro");
    try {
      StillFrames cameras = new StillFrames(8, 5, 50, noise);
      Preprocessing image = trial.bundle().cascade().preprocessing();
      cameras.write(trial.frames(), image.height(), image.width(), still);
      LoadPlan stills = plan(still, cameras.frames());
      runs.put("still, frames alone", trial.run(alone, stills));
      runs.put("still, unchanged", trial.run(alone.withUnchanged(unchanged, SILENCE_MS), stills));
    } finally {
      Files.delete(still);
    }
    List<Row> rows = new ArrayList<>();
    runs.forEach((name, run) -> rows.add(row(name, run)));
    print(rows);
    if (options.report() != null) {
      JsonFile.write(
          options.report(), new Report(trial.bundle().cascade().name(), share, rate, rows));
    }
    return trial.exitCode(runs.values());
  }

  private LoadPlan plan(Path frames, long count) {
    return new LoadPlan(
        frames, TopicConfig.DEFAULT.frames(), new LoadProfile.Steady(rate), count, 0);
  }

  private static Row row(String name, Trial.Run run) {
    List<Prediction> predictions = run.recording().predictions();
    EventScore told = told(predictions);
    return new Row(
        name,
        predictions.size(),
        run.report().missing(),
        run.report().doubled(),
        predictions.stream().mapToDouble(Prediction::getCost).average().orElseThrow(),
        predictions.stream().filter(prediction -> !prediction.getInherited()).count(),
        Recording.accuracy(run.recording().frames()),
        told.events(),
        told.right(),
        told.changes());
  }

  private static EventScore told(List<Prediction> predictions) {
    Map<String, List<Prediction>> sources =
        predictions.stream()
            .sorted(Comparator.comparing(Prediction::getSequence))
            .collect(Collectors.groupingBy(Prediction::getSourceId));
    EventScore score = new EventScore();
    for (List<Prediction> frames : sources.values()) {
      List<EventScore.Judged> judged = new ArrayList<>();
      for (Prediction frame : frames) {
        judged.add(new EventScore.Judged(judged.size(), frame.getLabel(), frame.getConfidence()));
      }
      score.add(
          TrueChange.of(frames.stream().map(Prediction::getTrueLabel).toList()),
          EventScore.told(judged, EventRules.DEFAULT));
    }
    return score;
  }

  private void print(List<Row> rows) {
    say(
        "%n                        frames     ran    cost  accuracy  events  right  of"
            .formatted());
    for (Row row : rows) {
      say(
          "%-22s %7d %7d  %6.4f   %6.2f%%  %6d  %5d %3d"
              .formatted(
                  row.name(),
                  row.frames(),
                  row.ran(),
                  row.meanCost(),
                  100 * row.accuracy(),
                  row.events(),
                  row.right(),
                  row.changes()));
    }
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
