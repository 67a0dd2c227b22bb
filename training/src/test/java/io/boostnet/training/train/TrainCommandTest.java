package io.boostnet.training.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.training.Main;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.data.DataFixtures;
import io.boostnet.training.network.EnsembleWeights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {

  private static final List<String> TINY =
      List.of(
          "--nBlocks",
          "2",
          "--base",
          "1",
          "--nChannels",
          "2",
          "--growthRate",
          "2",
          "--threads",
          "1");

  @TempDir Path temp;

  @Test
  void train_ofASmallNetwork_leavesRecordMetricsCurvesAndWeights() throws IOException {
    Path data = DataFixtures.cifar100(temp.resolve("data"), 64, 9);
    Path run = temp.resolve("run");

    assertThat(train(data, run, "--epochs", "2").code()).isZero();

    RunFolder folder = new RunFolder(run);
    assertThat(folder.record().labels()).containsExactly("apple", "bee", "camel");
    assertThat(folder.record().options())
        .containsEntry("objective", "boosted")
        .containsEntry("flip", "true");
    assertThat(folder.metrics()).extracting(EpochMetrics::epoch).containsExactly(1, 2);
    assertThat(folder.metrics().get(0).validationAccuracy()).hasSize(2);
    assertThat(
            folder.weights().matching(folder.record().network().parameters(), List.of()).tensors())
        .isNotEmpty();
    assertThat(run.resolve("curves.png")).isNotEmptyFile();
  }

  @Test
  void jointTraining_withoutFlip_isRecordedAsSuch() throws IOException {
    Path data = DataFixtures.cifar100(temp.resolve("data"), 64, 9);
    Path run = temp.resolve("run");

    assertThat(train(data, run, "--epochs", "1", "--objective", "JOINT", "--no-flip").code())
        .isZero();

    RunRecord record = new RunFolder(run).record();
    assertThat(record.ensemble()).isEqualTo(EnsembleWeights.none(record.ensemble().exits()));
    assertThat(record.options())
        .containsEntry("flip", "false")
        .doesNotContainKey("ensemble_reweight");
  }

  @Test
  void train_intoAFolderWithARun_isRefusedUnlessItIsTakenUpAsItWas() throws IOException {
    Path data = DataFixtures.cifar100(temp.resolve("data"), 64, 9);
    Path run = temp.resolve("run");
    assertThat(train(data, run, "--epochs", "1").code()).isZero();

    assertRefused(train(data, run, "--epochs", "1"), "--resume");
    assertRefused(train(data, run, "--epochs", "1", "--resume", "--lr", "0.3"), "lr 0.2");
    assertRefused(
        train(
            DataFixtures.cifar100(temp.resolve("other"), 48, 9), run, "--epochs", "1", "--resume"),
        "other data");
    assertThat(train(data, run, "--epochs", "1", "--resume").code()).isZero();
  }

  @Test
  void timeSteps_inPlaceOfARun_saysImagesPerSecondAndWritesNothing() throws IOException {
    Path data = DataFixtures.cifar100(temp.resolve("data"), 64, 9);
    List<String> arguments = new ArrayList<>(List.of("train", data.toString()));
    arguments.addAll(TINY);
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      arguments.addAll(List.of("--batch-size", "16", "--time-steps", "2"));
      assertThat(Main.run(arguments.toArray(String[]::new))).isZero();
    } finally {
      System.setOut(before);
    }

    assertThat(out.toString(StandardCharsets.UTF_8))
        .matches("(?s)[1-9][0-9]* images/s .* 2 steps of 16 images.*");
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left).containsExactly(data);
    }
    assertRefused(
        train(data, temp.resolve("run"), "--time-steps", "2"),
        "--time-steps is 2, which writes nothing; leave --output out");
    arguments.add("--resume");
    assertRefused(run(arguments), "--time-steps is 2, which writes nothing; leave --resume out.");
  }

  @Test
  void lossThatIsNotFinite_atTheFirstStep_blamesNoLearningRateAndLeavesNothing()
      throws IOException {
    Path data = DataFixtures.cifar100(temp.resolve("data"), 64, 9);
    Path run = temp.resolve("run");

    Result outcome =
        train(data, run, "--dataset", "OTHER", "--image-size", "32", "--std", "1e-39,1e-39,1e-39");

    assertRefused(outcome, "not finite at the very first step");
    assertThat(outcome.error()).doesNotContain("--lr");
    assertThat(run).doesNotExist();
  }

  @Test
  void lossThatIsNotFinite_later_asksForALowerRate() throws IOException {
    Path data = DataFixtures.cifar100(temp.resolve("data"), 64, 9);
    Path run = temp.resolve("run");
    String[] wild = {"--lr", "100", "--weight-decay", "0.99", "--batch-size", "4"};

    Result outcome = train(data, run, wild);
    assertRefused(outcome, "The loss is no longer finite at step ");
    assertThat(outcome.error()).contains("a lower --lr. The run folder was taken away again");
    assertThat(run).doesNotExist();

    List<String> kept = new ArrayList<>(List.of(wild));
    kept.addAll(List.of("--checkpoint-seconds", "0"));
    assertRefused(train(data, run, kept.toArray(String[]::new)), "export --unfinished");
    assertThat(run.resolve("checkpoint.safetensors")).exists();
  }

  @Test
  void badInput_ofEveryKind_endsWithOneSentenceAndCode2() throws IOException {
    Path data = DataFixtures.cifar100(temp.resolve("data"), 64, 9);
    Path run = temp.resolve("run");

    assertRefused(train(temp.resolve("nowhere"), run), "nowhere");
    assertRefused(
        train(data, run, "--grFactor", "1-2-4-8", "--bnFactor", "1-2-4-8"), "4 x 4 pixels");
    assertRefused(train(data, run, "--epochs", "0"), "epochs is 0");
    assertRefused(train(data, run, "--weight-decay", "much"), "much");
    assertRefused(train(data, run, "--batch-size", "600"), "training images");
    assertRefused(train(data, run, "--device", "tpu"), "tpu");
    assertRefused(train(data, run, "--learning-rate", "1"), "--learning-rate");
    assertRefused(train(data, run, "--objective", "FAST"), "FAST");
    assertRefused(train(data, run, "--weight-decay", ","), "weight-decay");
    assertRefused(train(data, run, "--ensemble_reweight", ","), "ensemble_reweight");
    assertRefused(train(data, run, "--image-size", "64"), "--dataset OTHER");
    assertRefused(
        train(data, run, "--objective", "JOINT", "--ensemble_reweight", "0.5"), "BOOSTED");
    assertRefused(train(data, run, "--lr-decay", "0.5"), "MULTISTEP");
    assertRefused(
        train(data, run, "--schedule", "MULTISTEP", "--lr_milestones", "15,30"), "30 epochs");
    Files.write(data.resolve("train.bin"), new byte[5000]);
    assertRefused(train(data, run), "train.bin");
    assertThat(run).as("nothing is begun with bad input").doesNotExist();
  }

  @Test
  void kill_inTheMiddleOfAnEpoch_thenResume_endsAsIfNothingHadHappened() throws Exception {
    Path data = DataFixtures.cifar100(temp.resolve("data"), 640, 9);
    Path whole = temp.resolve("whole");
    Path killed = temp.resolve("killed");
    assertThat(train(data, whole, "--epochs", "2").code()).isZero();

    Process process =
        new ProcessBuilder(command(data, killed))
            .redirectErrorStream(true)
            .redirectOutput(temp.resolve("log").toFile())
            .start();
    Path checkpoint = killed.resolve("checkpoint.safetensors");
    int step = 0;
    while (step < 5 && process.isAlive()) {
      Thread.sleep(20);
      step =
          Files.exists(checkpoint)
              ? (int) NamedTensors.read(checkpoint).values("run/position")[1]
              : 0;
    }
    process.destroyForcibly().waitFor();
    assertThat(killed.resolve("weights.safetensors"))
        .as(Files.readString(temp.resolve("log")))
        .doesNotExist();
    assertThat(train(data, killed, "--epochs", "2", "--resume").code()).isZero();

    List<EpochMetrics> expected = new RunFolder(whole).metrics();
    List<EpochMetrics> actual = new RunFolder(killed).metrics();
    assertThat(actual).hasSameSizeAs(expected);
    for (int e = 0; e < expected.size(); e++) {
      assertThat(actual.get(e).trainLoss())
          .usingComparatorForType((a, b) -> Math.abs(a - b) < 1e-4 ? 0 : 1, Double.class)
          .containsExactlyElementsOf(expected.get(e).trainLoss());
      assertThat(actual.get(e).validationAccuracy())
          .isEqualTo(expected.get(e).validationAccuracy());
    }
    assertThat(Files.readAllBytes(killed.resolve("weights.safetensors")))
        .isEqualTo(Files.readAllBytes(whole.resolve("weights.safetensors")));
  }

  /** What Ctrl-C does, and a scheduler that takes its machine back. */
  @Test
  void termination_inTheMiddleOfAStep_endsWithoutACrash() throws Exception {
    Path data = DataFixtures.cifar100(temp.resolve("data"), 640, 9);
    for (int round = 0; round < 3; round++) {
      Path run = temp.resolve("run" + round);
      Path log = temp.resolve("log" + round);
      List<String> command = java();
      command.addAll(List.of("train", data.toString(), "--output", run.toString()));
      command.addAll(List.of("--arch", "resnet", "--threads", "1", "--checkpoint-seconds", "0"));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(temp.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      // oneDNN computes on every processor then, also where libtorch has to do without it.
      builder.environment().put("ONEDNN_MAX_CPU_ISA", "SSE41");
      Process process = builder.start();
      while (!Files.exists(run.resolve("checkpoint.safetensors")) && process.isAlive()) {
        Thread.sleep(20);
      }
      Thread.sleep(2_500 + 700 * round);

      process.destroy();

      assertThat(process.waitFor()).as(Files.readString(log)).isEqualTo(128 + 15);
      assertThat(Files.readString(log)).doesNotContain("fatal error");
    }
  }

  @Test
  void runFolder_inWhichAnotherProcessTrains_isRefused() throws Exception {
    Path data = DataFixtures.cifar100(temp.resolve("data"), 640, 9);
    Path run = temp.resolve("run");
    Process process =
        new ProcessBuilder(command(data, run))
            .redirectErrorStream(true)
            .redirectOutput(temp.resolve("log").toFile())
            .start();
    while (!Files.exists(run.resolve("checkpoint.safetensors")) && process.isAlive()) {
      Thread.sleep(20);
    }
    try {
      assertRefused(train(data, run, "--epochs", "2", "--resume"), "Another process");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void multiStep_withoutMilestones_fallsAtHalfAndThreeQuarters() throws IOException {
    Path data = DataFixtures.cifar100(temp.resolve("data"), 64, 9);
    Path run = temp.resolve("run");

    assertThat(train(data, run, "--epochs", "4", "--schedule", "MULTISTEP").code()).isZero();

    assertThat(new RunFolder(run).record().options()).containsEntry("lr_milestones", "2,3");
  }

  private static List<String> command(Path data, Path run) {
    List<String> command = java();
    command.addAll(arguments(data, run, "--epochs", "2", "--checkpoint-seconds", "0"));
    return command;
  }

  /** A process of the training's command line, without its arguments. */
  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
    command.addAll(List.of("-Djava.awt.headless=true", Main.class.getName()));
    return command;
  }

  private static void assertRefused(Result result, String named) {
    assertThat(result.code()).as(result.error()).isEqualTo(2);
    assertThat(result.error()).contains(named).doesNotContain("\tat ");
    assertThat(result.error().strip().lines()).hasSize(1);
  }

  private record Result(int code, String error) {}

  private static Result train(Path data, Path run, String... options) {
    return run(arguments(data, run, options));
  }

  private static Result run(List<String> arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream error = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
      int code = Main.run(arguments.toArray(String[]::new));
      return new Result(code, error.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
  }

  private static List<String> arguments(Path data, Path run, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("train", data.toString(), "--output", run.toString()));
    arguments.addAll(TINY);
    if (!List.of(options).contains("--batch-size")) {
      arguments.addAll(List.of("--batch-size", "16"));
    }
    arguments.addAll(List.of(options));
    return arguments;
  }
}
