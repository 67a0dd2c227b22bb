package io.boostnet.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.flink.budget.replay.Drift;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.files.EvidenceFile;
import io.boostnet.schema.ExitEvidence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the evidence of a trained network of four exits, 5,000 and 10,000 images. */
class ReplayCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path REFERENCE =
      Path.of("..", "operators", "src", "test", "resources", "reference");
  private static final Path TEST = REFERENCE.resolve("evidence-cifar100-n4-test.avro");
  private static final String COSTS = "6817380,11374280,15938860,19852688";
  private static final String BUNDLE = "demo/models/gtsrb-msdnet";

  @TempDir Path directory;

  @Test
  void frontier_referenceEvidence_isTheTableOfTheSolvers() throws IOException {
    CommandResult result =
        replay("--frontier", "--splits", 2, "--calibration-images", 3000, "--seed", 7);
    JsonNode report = report(result);

    JsonNode rows = report.at("/frontier/rows");
    assertThat(rows).hasSize(20);
    for (JsonNode row : rows) {
      double oracle = row.get("oracle").asDouble();
      assertThat(row.get("ours").asDouble()).isBetween(oracle - 0.005, oracle);
      assertThat(row.get("published").asDouble()).isBetween(oracle - 0.005, oracle);
    }
    assertThat(rows.at("/19/budget").asDouble()).isEqualTo(1);
    assertThat(report.at("/neverExit").asDouble()).isEqualTo(0.6318, within(1e-4));
    assertThat(report.at("/splits")).hasSize(2);
    assertThat(report.at("/splits/1/calibrationImages").asInt()).isEqualTo(3000);
    assertThat(report.at("/runs")).isEmpty();
    assertThat(result.out())
        .contains(
            "judged on 10,000",
            "oracle - ours: mean +0.21, cross-fitted -0.12",
            "a larger budget loses: published 0.");
  }

  @Test
  void fixedBudget_drift_rowsAreRightInKindAndAddUp() throws IOException {
    CommandResult result =
        replay("--budget", "fixed:0.55", "--scenario", "drift-difficulty", "--drift-power", 3);
    JsonNode run = report(result).at("/runs/0");
    Map<String, JsonNode> rows = rows(run);

    assertThat(rows.keySet())
        .containsExactlyInAnyOrder(
            "never-exit", "first-exit", "static", "published", "price", "ours", "oracle");
    assertThat(cost(rows, "never-exit", "whole")).isEqualTo(1);
    assertThat(cost(rows, "first-exit", "whole")).isEqualTo(0.3434, within(1e-4));
    assertThat(rows).allSatisfy((policy, row) -> assertAddsUp(row));
    rows.forEach(
        (policy, row) ->
            assertThat(row.at("/whole/accuracy").asDouble())
                .as(policy)
                .isBetween(
                    row.at("/whole/oracleAccuracy").asDouble() - 0.012,
                    row.at("/whole/oracleAccuracy").asDouble() + 0.003));
    assertThat(cost(rows, "ours", "whole") / 0.55).isEqualTo(1, within(0.01));
    assertThat(cost(rows, "oracle", "event")).isEqualTo(cost(rows, "ours", "event"));
    assertThat(cost(rows, "static", "event")).isGreaterThan(0.65);
    assertThat(rows.get("ours").get("dearestRun").asDouble())
        .isLessThanOrEqualTo(run.get("runBound").asDouble());
    assertThat(rows.get("static").get("dearestRun").asDouble())
        .isGreaterThan(run.get("runBound").asDouble());
    assertThat(result.out()).contains("fixed:0.55, drift-difficulty", "to the power 3.0");
  }

  @Test
  void keepUp_overload_holdsTheBacklogWhereNeverExitFallsBehind() throws IOException {
    Path plot = directory.resolve("out/replay.png");
    CommandResult result =
        replay("--budget", "keep-up:0.35-0.7", "--scenario", "overload", "--plot", plot);
    JsonNode run = report(result).at("/runs/0");
    Map<String, JsonNode> rows = rows(run);

    assertThat(backlog(rows, "ours")).isLessThan(2);
    assertThat(backlog(rows, "never-exit")).isGreaterThan(20);
    assertThat(cost(rows, "ours", "before")).isEqualTo(0.7, within(0.02));
    assertThat(cost(rows, "ours", "event")).isBetween(0.4, 0.5);
    assertThat(run.at("/reaction/settledSeconds").asDouble()).isLessThan(3);
    assertThat(run.at("/reaction/restoredSeconds").asDouble()).isLessThan(10);
    assertThat(run.get("runBound").isNull()).isTrue();
    assertThat(rows.get("ours").get("series")).hasSize(80);
    assertThat(ImageIO.read(plot.toFile()).getHeight()).isEqualTo(2 * 320);
  }

  @Test
  void corruption_driftEvidence_isWhatArrivesFromHalfWayOn() throws IOException {
    Evidence corrupted = Drift.inDifficulty(EvidenceFile.read(TEST), 2);
    Path file = directory.resolve("corrupted.avro");
    EvidenceFile.write(
        file, IntStream.range(0, 1000).mapToObj(image -> record(corrupted, image)).toList());
    JsonNode run =
        report(
                replay(
                    "--drift-evidence", file, "--scenario", "corruption", "--budget", "fixed:0.6"))
            .at("/runs/0");

    assertThat(cost(rows(run), "static", "before")).isEqualTo(0.6, within(0.01));
    assertThat(cost(rows(run), "static", "event")).isGreaterThan(0.65);
  }

  /** All frames of the tracks that the model has never seen. */
  @Test
  void frontier_shippedBundleOnHeldOutFrames_oursIsNeverFarFromTheBest() throws IOException {
    Path json = directory.resolve("report.json");
    JsonNode report =
        report(
            CommandResult.of(
                "replay",
                "--bundle",
                BUNDLE,
                "--precision",
                "fp32",
                "--evidence",
                "demo/evidence/gtsrb-tracks-test.avro",
                "--frontier",
                "--json",
                json));

    assertThat(report.get("testImages").asInt()).isEqualTo(5280);
    assertThat(report.at("/frontier/meanOverPublished").asDouble()).isGreaterThanOrEqualTo(0);
    assertThat(report.at("/frontier/worstOverPublished").asDouble()).isGreaterThanOrEqualTo(-0.003);
    assertThat(report.at("/frontier/meanUnderOracle").asDouble()).isBetween(0.0, 0.003);
    assertThat(report.at("/frontier/oursLostByMore").asDouble()).isZero();
    assertThat(report.at("/frontier/meanUnderCrossFitted").asDouble()).isLessThan(0.003);
    double before = 0;
    for (JsonNode row : report.at("/frontier/rows")) {
      assertThat(row.get("ours").asDouble()).isGreaterThanOrEqualTo(before);
      before = row.get("ours").asDouble();
    }
  }

  @Test
  void bundle_withoutTestEvidence_isJudgedOnHalfOfItsOwn() throws IOException {
    Path json = directory.resolve("report.json");
    CommandResult result =
        CommandResult.of(
            "replay", "--bundle", BUNDLE, "--precision", "fp32", "--frontier", "--json", json);
    JsonNode report = report(result);

    assertThat(result.out()).contains("the other half of the calibration evidence");
    assertThat(report.get("calibrationImages").asInt() + report.get("testImages").asInt())
        .isEqualTo(2819);
  }

  @Test
  void bareKeepUp_isReplayed() throws IOException {
    JsonNode report = report(replay("--budget", "keep-up", "--scenario", "overload"));
    assertThat(report.at("/runs/0/budget").asText()).isEqualTo("keep-up:0.05-1");
  }

  @Test
  void sameSeed_sameReport() throws IOException {
    Object[] options = {
      "--budget", "fixed:0.5", "--scenario", "class-mix", "--class-mix", "3:1,4:2"
    };
    JsonNode one = report(replay(options)).get("runs");
    JsonNode other = report(replay(options)).get("runs");

    assertThat(one).isEqualTo(other);
    assertThat(one.at("/0/description").asText()).contains("3=1.0, 4=2.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--budget fixed:1.5 | budget is fixed:1.5; the share must be above 0",
        "--budget half | budget is \"half\"; fixed:<share>, keep-up",
        "--budget deadline:200ms | A deadline budget cannot be replayed",
        "--scenario quake | drift-difficulty",
        "--scenario corruption | needs --drift-evidence",
        "--class-mix 3 --scenario class-mix | class:weight pairs are needed",
        "--class-mix 1000:1 --scenario class-mix | no image of the evidence",
        "--drift-power 0 --scenario drift-difficulty | power is 0.0",
        "--subtasks 0 | subtasks are 0",
        "--runs 0 | --runs is 0",
        "--splits 1 --calibration-images 15000 | 1 to 14999 of 15000 are possible",
        "--bundle none | either --bundle or --calibration",
        "--costs 1,2,3 | has 4 exits and the cost 3",
      })
  void badOption_oneSentenceAndExitCodeTwo(String options, String complaint) {
    CommandResult result = replay((Object[]) options.split(" "));

    assertThat(result.code()).as(result.out()).isEqualTo(2);
    assertThat(result.err()).startsWith("boostnet: ").contains(complaint);
    assertThat(result.err().lines().filter(line -> !line.startsWith("Help:"))).hasSize(1);
  }

  @Test
  void missingEvidence_isNamed() {
    CommandResult result =
        CommandResult.of("replay", "--calibration", directory.resolve("no.avro"), "--costs", "1,2");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("no.avro does not exist");
  }

  private CommandResult replay(Object... options) {
    List<Object> words = new ArrayList<>(List.of("replay"));
    words.addAll(
        List.of("--calibration", REFERENCE.resolve("evidence-cifar100-n4-validation.avro")));
    words.addAll(List.of("--evidence", TEST, "--json", directory.resolve("report.json")));
    if (!Arrays.asList(options).contains("--costs")) {
      words.addAll(List.of("--costs", COSTS));
    }
    words.addAll(Arrays.asList(options));
    return CommandResult.of(words.toArray());
  }

  private JsonNode report(CommandResult result) throws IOException {
    assertThat(result.code()).as(result.err()).isZero();
    return JSON.readTree(directory.resolve("report.json").toFile());
  }

  private static Map<String, JsonNode> rows(JsonNode run) {
    Map<String, JsonNode> rows = new HashMap<>();
    run.get("rows").forEach(row -> rows.put(row.get("policy").asText(), row));
    return rows;
  }

  private static double cost(Map<String, JsonNode> rows, String policy, String phase) {
    return rows.get(policy).get(phase).get("meanCost").asDouble();
  }

  private static double backlog(Map<String, JsonNode> rows, String policy) {
    return rows.get(policy).at("/whole/backlogMaxSeconds").asDouble();
  }

  /** The whole is what its parts are, and what every second is. */
  private static void assertAddsUp(JsonNode row) {
    JsonNode whole = row.get("whole");
    double images = 0;
    double cost = 0;
    double right = 0;
    for (String part : List.of("before", "event", "after")) {
      JsonNode phase = row.get(part);
      if (!phase.isNull()) {
        images += phase.get("images").asDouble();
        cost += phase.get("images").asDouble() * phase.get("meanCost").asDouble();
        right += phase.get("images").asDouble() * phase.get("accuracy").asDouble();
      }
    }
    assertThat(images).isEqualTo(whole.get("images").asDouble());
    assertThat(cost / images).isEqualTo(whole.get("meanCost").asDouble(), within(1e-9));
    assertThat(right / images).isEqualTo(whole.get("accuracy").asDouble(), within(1e-9));
    double served = 0;
    for (JsonNode second : row.get("series")) {
      served += second.get("servedPerSecond").asDouble();
    }
    assertThat(served).isIn(0.0, images);
  }

  private static ExitEvidence record(Evidence evidence, int image) {
    List<Float> confidence = new ArrayList<>();
    List<Integer> predicted = new ArrayList<>();
    for (int exit = 1; exit <= evidence.exits(); exit++) {
      confidence.add(evidence.confidence(exit, image));
      predicted.add(evidence.predicted(exit, image));
    }
    return new ExitEvidence(evidence.label(image), confidence, predicted);
  }
}
