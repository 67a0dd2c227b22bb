package io.boostnet.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.image.contract.ImageContract;
import io.boostnet.jobs.files.EvidenceFile;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectAndEvaluateTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @Test
  void inspect_bundle_showsEveryExit() {
    CommandResult result = CommandResult.of("inspect", TestBundle.DIRECTORY);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("random 1", "3,036,426", "1.000", "the bundle has no times");
    assertThat(CommandResult.of("inspect", "--bundle", TestBundle.DIRECTORY).out())
        .isEqualTo(result.out());
  }

  @Test
  void inspect_timedBundle_showsWhatEveryExitCosts_inOperationsAndInEveryForm() {
    CommandResult result = CommandResult.of("inspect", Path.of("demo", "models", "gtsrb-msdnet"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("of MACs  time, fp32  time, int8", "0.344       0.472       0.492")
        .contains("shares of the full network's time, in micro-batches of 8 on AMD EPYC");
  }

  @Test
  void evaluate_countsCostsInTime_orInOperations() {
    String bundle = "demo/models/gtsrb-msdnet";
    String frames = "demo/frames/gtsrb-tracks.avro";
    for (String[] unit : new String[][] {{"time", "0.472"}, {"macs", "0.344"}}) {
      CommandResult result =
          CommandResult.of(
              "evaluate",
              "--bundle",
              bundle,
              "--frames",
              frames,
              "--limit",
              "20",
              "--precision",
              "fp32",
              "--cost",
              unit[0]);
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.out()).contains("costs in " + unit[0], "   1  " + unit[1]);
    }
  }

  @Test
  void evaluate_meanCostBelowTheFirstExit_isRefusedWithWhatThatCosts() {
    CommandResult result =
        CommandResult.of(
            "evaluate",
            "demo/models/gtsrb-msdnet",
            "--frames",
            "demo/frames/gtsrb-tracks.avro",
            "--precision",
            "fp32",
            "--mean-cost",
            "0.3");
    assertThat(result.code()).isNotZero();
    assertThat(result.err())
        .contains(
            "mean cost is 0.3, and the first exit of", "costs 0.472", "in time; give at least");
  }

  @Test
  void evaluate_tracks_costLessAndAreNoLessOftenRight() {
    CommandResult result =
        CommandResult.of(
            "evaluate",
            "--bundle",
            "demo/models/gtsrb-msdnet",
            "--frames",
            "demo/frames/gtsrb-tracks.avro",
            "--limit",
            "600",
            "--mean-cost",
            "0.6",
            "--tracks");
    assertThat(result.code()).as(result.err()).isZero();
    double[] alone = costAndAccuracy(result.out(), "frames alone");
    double[] skipping = costAndAccuracy(result.out(), "tracks, skip 2");
    assertThat(skipping[0]).isLessThan(alone[0] / 1.9);
    assertThat(skipping[1]).isGreaterThanOrEqualTo(alone[1]);
  }

  private static double[] costAndAccuracy(String out, String judged) {
    String row = out.lines().filter(line -> line.startsWith(judged)).findFirst().orElseThrow();
    String[] words = row.substring(judged.length()).strip().split(" +");
    return new double[] {Double.parseDouble(words[0]), Double.parseDouble(words[2])};
  }

  @Test
  void inspect_json_isTheManifest_withWhatItsFormatDidNotSay() throws IOException {
    CommandResult result = CommandResult.of("inspect", "--json", TestBundle.DIRECTORY);
    ObjectNode manifest = (ObjectNode) JSON.readTree(result.out());
    assertThat(manifest.remove("golden").get("file").asText()).isEmpty();
    assertThat(manifest.remove("times").get("nanos")).isEmpty();
    assertThat(manifest.remove("variants")).isEmpty();
    assertThat(((ObjectNode) manifest.get("preprocessing")).remove("interpolation").asText())
        .isEqualTo("AREA");
    assertThat(manifest)
        .isEqualTo(JSON.readTree(TestBundle.DIRECTORY.resolve("manifest.json").toFile()));
  }

  @Test
  void inspect_check_showsHowFarEveryExitIsFromTheGoldenRows() throws IOException {
    Path shipped = Path.of("demo", "models", "gtsrb-msdnet");
    CommandResult right = CommandResult.of("inspect", "--check", "--micro-batch", "3", shipped);
    assertThat(right.code()).as(right.err()).isZero();
    assertThat(right.out())
        .contains("4 golden rows in fp32 on auto, one by one and in micro-batches of 3", "exit 4");

    CommandResult none = CommandResult.of("inspect", "--check", TestBundle.DIRECTORY);
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("has no golden rows; add them with boostnet golden");
  }

  @Test
  void evaluate_labelledFrames_writesReportPlotAndPredictions() throws IOException {
    List<ImageFrame> frames =
        LongStream.range(0, 50)
            .mapToObj(
                i -> ImageFrame.newBuilder(Frames.frame("a", i)).setLabel((int) i % 10).build())
            .toList();
    Path report = directory.resolve("out/report.json");
    Path plot = directory.resolve("plot.png");
    Path predictions = directory.resolve("predictions.csv");
    CommandResult result =
        CommandResult.of(
            "evaluate",
            "--bundle",
            TestBundle.DIRECTORY,
            "--frames",
            Frames.write(directory.resolve("frames.avro"), frames),
            "--thresholds",
            "0,0,0",
            "--micro-batch",
            "7",
            "--report",
            report,
            "--plot",
            plot,
            "--predictions",
            predictions);

    assertThat(result.code()).as(result.err()).isZero();
    JsonNode json = JSON.readTree(report.toFile());
    assertThat(json.get("frames").asInt()).isEqualTo(50);
    assertThat(json.get("labelled").asInt()).isEqualTo(50);
    assertThat(json.get("anytime")).hasSize(3);
    assertThat(json.at("/anytime/2/cost").asDouble()).isEqualTo(1);
    // Thresholds of 0 let everything leave at the first exit.
    assertThat(json.at("/budgetedBatch/exitShares/0").asDouble()).isCloseTo(1, within(1e-9));
    assertThat(json.at("/budgetedBatch/accuracy").asDouble())
        .isEqualTo(json.at("/anytime/0/accuracy").asDouble());
    assertThat(Files.readAllLines(predictions)).hasSize(51);
    assertThat(firstLine(predictions)).startsWith("\"a\",0,1,");
    assertThat(ImageIO.read(plot.toFile()).getWidth()).isEqualTo(800);
  }

  @Test
  void evaluate_corrupted_writesEvidenceThatReplayTakes() throws IOException {
    Path clean = evidence("clean.avro");
    Path foggy = evidence("foggy.avro", "--corrupt", "fog:5");

    Evidence images = EvidenceFile.read(clean);
    assertThat(images.images()).isEqualTo(40);
    assertThat(images.exits()).isEqualTo(3);
    assertThat(images.label(13)).isEqualTo(3);
    assertThat(EvidenceFile.read(foggy).confidences(3)).isNotEqualTo(images.confidences(3));
    CommandResult replayed =
        CommandResult.of(
            "replay",
            "--calibration",
            clean,
            "--evidence",
            foggy,
            "--costs",
            "1,2,3",
            "--frontier");
    assertThat(replayed.code()).as(replayed.err()).isZero();
    assertThat(replayed.out()).contains("thresholds from 40 images, judged on 40");
  }

  @Test
  void evaluate_framesThatAreRefused_areNamedWithWhy_andFlawedOnesCounted() {
    List<ImageFrame> frames =
        List.of(
            Frames.frame("a", 0),
            Frames.frame("a", 1, "image/jpeg", ImageContract.picture("30-a.webp")),
            Frames.frame("b", 2, "image/jpeg", new byte[0]),
            Frames.frame("b", 3, "", ImageContract.picture("21-bad-crc-text.png")));
    CommandResult result = evaluate(frames);

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("2 frames", "2 rejected", "1 images break their format's rules")
        .contains("frame 1 of a: UNSUPPORTED_CONTENT, the image is a WebP image")
        .contains("frame 2 of b: CORRUPT_IMAGE, the image has no bytes");
  }

  @Test
  void evaluate_labelsThatDoNotFit_saysSo() {
    ImageFrame frame = ImageFrame.newBuilder(Frames.frame("cam", 7)).setLabel(10).build();
    CommandResult result = evaluate(List.of(frame));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("Frame 7 of cam", "the label 10, the bundle has 10 classes: they do not fit");
  }

  private CommandResult evaluate(List<ImageFrame> frames) {
    return CommandResult.of(
        "evaluate",
        "--bundle",
        TestBundle.DIRECTORY,
        "--frames",
        Frames.write(directory.resolve("frames.avro"), frames));
  }

  private Path evidence(String name, Object... options) {
    List<ImageFrame> frames =
        LongStream.range(0, 40)
            .mapToObj(
                i -> ImageFrame.newBuilder(Frames.noise("a", i)).setLabel((int) i % 10).build())
            .toList();
    Path written = directory.resolve(name);
    List<Object> words =
        new ArrayList<>(List.of("evaluate", "--bundle", TestBundle.DIRECTORY, "--frames"));
    words.add(Frames.write(directory.resolve("frames.avro"), frames));
    words.addAll(List.of("--write-evidence", written));
    words.addAll(List.of(options));
    CommandResult result = CommandResult.of(words.toArray());
    assertThat(result.code()).as(result.err()).isZero();
    return written;
  }

  private static String firstLine(Path csv) throws IOException {
    return Files.readAllLines(csv).get(1);
  }
}
