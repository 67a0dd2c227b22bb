package io.boostnet.jobs.trial;

import io.boostnet.flink.budget.Budget;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.load.Corruption;
import io.boostnet.jobs.load.CorruptionOptions;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile;
import io.boostnet.jobs.serve.InferenceConfig;
import io.boostnet.jobs.serve.TopicConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench cameras}: one budget over four cameras, one of them hard, in the running job. */
@Command(
    name = "cameras",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "The Kafka job on four cameras whose labelled objects are dealt out to them; the pictures of"
          + " the last one are corrupted. Equal shares: each camera in a job of its own with the"
          + " fixed budget. Then all in one job with the same budget, which is one price for all;"
          + " and with priorities. The total cost is the same in all rows.",
      "Exit code 0 where every frame has one outcome, else 1."
    })
public final class CameraTrial implements Callable<Integer> {

  private static final int CAMERAS = 4;

  @Spec private CommandSpec spec;

  @Mixin private TrialOptions options;

  @Mixin private SubtasksOption parallelism;

  @Option(
      names = "--share",
      description = "Budget, as a share of the full network's cost. Default: ${DEFAULT-VALUE}.")
  private double share = 0.52;

  @Option(
      names = "--corrupt",
      converter = CorruptionOptions.Words.class,
      paramLabel = "<kind:severity>",
      description = "What is done to the last camera's pictures. Default: ${DEFAULT-VALUE}.")
  private Corruption corruption = Corruption.parse("noise:3");

  @Option(
      names = "--priorities",
      split = ",",
      description = "Priorities of the last run. Default: camera-1=8.")
  private List<String> priorities = List.of("camera-1=8");

  @Option(
      names = "--rate",
      description = "Frames per second of all cameras together. Default: ${DEFAULT-VALUE}.")
  private double rate = 400;

  /**
   * A camera in a row.
   *
   * @param source its id
   * @param cost mean cost of its frames
   * @param accuracy share of its frames that were classified right
   */
  record Camera(String source, double cost, double accuracy) {}

  /**
   * A row: how the cameras shared, and what came of it.
   *
   * @param cost mean cost of all frames
   * @param accuracy share of all frames that were classified right
   */
  record Row(String name, double cost, double accuracy, List<Camera> cameras) {

    static Row of(String name, List<Recording.Decided> frames) {
      List<Camera> cameras =
          IntStream.range(0, CAMERAS)
              .mapToObj(CameraFrames::name)
              .map(source -> camera(source, frames))
              .toList();
      return new Row(name, Recording.meanCost(frames), Recording.accuracy(frames), cameras);
    }

    private static Camera camera(String source, List<Recording.Decided> frames) {
      List<Recording.Decided> its =
          frames.stream().filter(frame -> frame.source().equals(source)).toList();
      return new Camera(source, Recording.meanCost(its), Recording.accuracy(its));
    }
  }

  /** The report. */
  record Report(String bundle, double share, double rate, String corruption, List<Row> rows) {}

  @Override
  public Integer call() throws Exception {
    TrialOptions.requirePositive("--rate", rate);
    Trial trial = options.trial(parallelism.subtasks(), this::say);
    Budget budget = Budget.fixed(share);
    trial.requireUsable(budget);
    InferenceConfig shared = InferenceConfig.DEFAULT.withBudget(budget);
    CameraFrames frames = CameraFrames.of(trial.frames(), CAMERAS, corruption);
    List<Trial.Run> runs = new ArrayList<>();
    List<Recording.Decided> apart = new ArrayList<>();
    for (int camera = 0; camera < CAMERAS; camera++) {
      runs.add(run(trial, shared, frames, List.of(camera)));
      apart.addAll(runs.get(camera).recording().frames());
    }
    List<Integer> all = IntStream.range(0, CAMERAS).boxed().toList();
    List<Row> rows = new ArrayList<>();
    rows.add(Row.of("equal shares", apart));
    runs.add(run(trial, shared, frames, all));
    rows.add(Row.of("one price", last(runs)));
    runs.add(run(trial, shared.withPriorities(priorities.toArray(String[]::new)), frames, all));
    rows.add(Row.of("priorities " + String.join(",", priorities), last(runs)));
    print(rows);
    if (options.report() != null) {
      JsonFile.write(
          options.report(),
          new Report(trial.bundle().cascade().name(), share, rate, corruption.toString(), rows));
    }
    return trial.exitCode(runs);
  }

  private Trial.Run run(
      Trial trial, InferenceConfig inference, CameraFrames frames, List<Integer> cameras)
      throws Exception {
    Path file = Files.createTempFile("cameras", ".avro");
    try {
      frames.write(cameras, file);
      long count = (long) frames.length() * cameras.size();
      double itsRate = rate * cameras.size() / frames.cameras();
      return trial.run(
          inference,
          new LoadPlan(
              file, TopicConfig.DEFAULT.frames(), new LoadProfile.Steady(itsRate), count, 0));
    } finally {
      Files.delete(file);
    }
  }

  private static List<Recording.Decided> last(List<Trial.Run> runs) {
    return runs.get(runs.size() - 1).recording().frames();
  }

  private void print(List<Row> rows) {
    say("%n%-24s %14s %s".formatted("cost, accuracy", "all", cameras(rows.get(0))));
    for (Row row : rows) {
      StringBuilder line = new StringBuilder();
      row.cameras().forEach(it -> line.append(cell(it.cost(), it.accuracy())));
      say("%-24s%s%s".formatted(row.name(), cell(row.cost(), row.accuracy()), line));
    }
  }

  private static String cameras(Row row) {
    StringBuilder names = new StringBuilder();
    row.cameras().forEach(camera -> names.append("%16s".formatted(camera.source())));
    return names.toString();
  }

  private static String cell(double cost, double accuracy) {
    return "  %.3f %6.2f%%".formatted(cost, 100 * accuracy);
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
