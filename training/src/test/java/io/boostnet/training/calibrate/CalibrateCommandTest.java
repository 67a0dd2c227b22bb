package io.boostnet.training.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.image.Resize;
import io.boostnet.training.Main;
import io.boostnet.training.data.DataFixtures;
import io.boostnet.training.data.DataSets;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.LabelledImages;
import io.boostnet.training.data.SplitPlan;
import io.boostnet.training.graph.Foreign;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plain network through cut, calibrate and compare. */
class CalibrateCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PIXELS = 3 * Foreign.SIDE * Foreign.SIDE;

  @TempDir Path temp;

  private Path images;
  private Path bundle;

  @BeforeEach
  void cut() throws IOException {
    images = DataFixtures.tracks(temp.resolve("images"), List.of(4, 4, 4, 4, 4), 3, 20, 20);
    Path network = Files.write(temp.resolve("network.onnx"), Foreign.plain().toByteArray());
    bundle = temp.resolve("bundle");
    assertThat(
            run("cut", network, "--exits", "logits", "--preprocessing", "plain:16", "-o", bundle)
                .code())
        .isZero();
    assertThat(bundle.resolve("calibration.avro")).doesNotExist();
  }

  @Test
  void labelledImages_giveEvidenceAndEvaluation() throws IOException {
    Outcome outcome = run("calibrate", bundle, "--data", images, "--layout", "IMAGES");

    assertThat(outcome.code()).as(outcome.text()).isZero();
    JsonNode evaluation = JSON.readTree(bundle.resolve("evaluation.json").toFile());
    assertThat(evaluation.get("images").asInt() + evaluation.get("calibrationImages").asInt())
        .as("every image once")
        .isEqualTo(60);
    assertThat(bundle.resolve("calibration.avro")).exists();
  }

  @Test
  void tracks_areHalvedWhole() throws IOException {
    DataSplits halves =
        DataSets.open(images, DataSets.Layout.TRACKS, new SplitPlan(1, 0, 0.9)).halvingTest(1);

    Set<String> calibration = sources(halves.validation());
    Set<String> test = sources(halves.test());
    assertThat(halves.validation().size()).isPositive();
    assertThat(halves.test().size()).isPositive();
    assertThat(calibration).doesNotContainAnyElementsOf(test);
  }

  @Test
  void twoTracksOfAClass_areOneEach() throws IOException {
    Path two = DataFixtures.tracks(temp.resolve("two"), List.of(2, 2), 3, 20, 20);
    DataSplits all = DataSets.open(two, DataSets.Layout.TRACKS, new SplitPlan(1, 0, 0));
    DataSplits halves =
        new DataSplits(all.name(), all.checksum(), all.train(), all.validation(), all.train())
            .halvingTest(1);

    assertThat(sources(halves.validation())).hasSize(2);
    assertThat(sources(halves.test())).hasSize(2);
  }

  private static Set<String> sources(LabelledImages images) {
    return IntStream.range(0, images.size()).mapToObj(images::sourceId).collect(Collectors.toSet());
  }

  @Test
  void fewerImagesThanBefore_andResultsThatCannotBeRight_areTold() throws IOException {
    assertThat(run("calibrate", bundle, "--data", images).text()).doesNotContain("take its place");
    Path few = Files.createDirectories(temp.resolve("few"));
    Path flat = flat();
    try (var files = Files.list(flat)) {
      for (Path file : files.limit(4).toList()) {
        Files.copy(file, few.resolve(file.getFileName()));
      }
    }
    assertThat(run("calibrate", bundle, "--unlabelled", few).text())
        .contains(bundle + " had evidence of ", "2 take its place");
    assertThat(run("calibrate", bundle, "--data", flat).text())
        .contains("have no class", "calibrate as --unlabelled");
  }

  @Test
  void meanAndDeviationOfTheUser_areFound() throws Exception {
    Path flat = flat();
    LabelledImages pictures = DataSets.unlabelled(flat);
    InputFormat users =
        new InputFormat(
            Resize.stretch(Foreign.SIDE, Foreign.SIDE),
            List.of(0.4, 0.5, 0.6),
            List.of(0.2, 0.25, 0.3));
    int count = pictures.size();
    float[] inputs = new float[count * PIXELS];
    byte[] planes = new byte[PIXELS];
    for (int i = 0; i < count; i++) {
      pictures.readPlanes(i, users.resize(), planes, 0);
      users.normalise(planes, 0, inputs, i * PIXELS);
    }
    Path reference = temp.resolve("r.npz");
    npz(reference, inputs, Foreign.logits(inputs, count));
    assertThat(
            run("compare", "--bundle", bundle, "--reference", reference, "--images", flat).text())
        .contains("the user's mean is 0.4000, 0.5000, 0.6000 and std 0.2000, 0.2500, 0.3000");

    Random random = new Random(1);
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = random.nextFloat();
    }
    npz(reference, inputs, Foreign.logits(inputs, count));
    assertThat(
            run("compare", "--bundle", bundle, "--reference", reference, "--images", flat).text())
        .contains("none of these is the user's");
  }

  @Test
  void otherImages_areMeasuredByTheLastExit() throws IOException {
    Outcome outcome = run("calibrate", bundle, "--unlabelled", flat());

    assertThat(outcome.code()).as(outcome.text()).isZero();
    JsonNode evaluation = JSON.readTree(bundle.resolve("evaluation.json").toFile());
    assertThat(evaluation.get("dataSet").asText()).contains("agreement with the last exit");
    assertThat(evaluation.get("exits").get(0).get("accuracy").asDouble()).isEqualTo(1);
  }

  @Test
  void ownLogits_areComparedAndPreprocessingToo() throws Exception {
    int count = 60;
    float[] inputs = new float[count * PIXELS];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (i * 37 % 256) / 255f;
    }
    float[] logits = Foreign.logits(inputs, count);
    Path reference = temp.resolve("r.npz");
    npz(reference, inputs, logits);

    Outcome same = run("compare", "--bundle", bundle, "--reference", reference);
    assertThat(same.text()).contains("60/60").contains("the same network");
    assertThat(same.code()).isZero();

    Outcome pictures =
        run("compare", "--bundle", bundle, "--reference", reference, "--images", flat());
    assertThat(pictures.text()).contains("as the bundle", "blue and red swapped");

    logits[3] += 1;
    npz(reference, inputs, logits);
    assertThat(run("compare", "--bundle", bundle, "--reference", reference).text())
        .contains("another network");

    Outcome nothing =
        run("compare", "--bundle", bundle, "--reference", temp.resolve("network.onnx"));
    assertThat(nothing.code()).isEqualTo(2);
  }

  /** All images in one folder. */
  private Path flat() throws IOException {
    Path flat = Files.createDirectories(temp.resolve("flat"));
    try (var files = Files.walk(images)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, flat.resolve(file.getParent().getFileName() + "-" + file.getFileName()));
      }
    }
    return flat;
  }

  private static void npz(Path file, float[] inputs, float[] logits) throws IOException {
    int count = logits.length / Foreign.CLASSES;
    Map<String, float[]> arrays = Map.of("inputs", inputs, "logits", logits);
    Map<String, String> shapes =
        Map.of(
            "inputs", "%d, 3, %d, %d".formatted(count, Foreign.SIDE, Foreign.SIDE),
            "logits", "%d, %d".formatted(count, Foreign.CLASSES));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : arrays.keySet()) {
        byte[] header =
            "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }\n"
                .formatted(shapes.get(name))
                .getBytes(StandardCharsets.ISO_8859_1);
        float[] values = arrays.get(name);
        ByteBuffer bytes =
            ByteBuffer.allocate(10 + header.length + 4 * values.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.ISO_8859_1));
        bytes.put((byte) 1).put((byte) 0).putShort((short) header.length).put(header);
        for (float value : values) {
          bytes.putFloat(value);
        }
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(bytes.array());
        zip.closeEntry();
      }
    }
  }

  private record Outcome(int code, String text) {}

  private static Outcome run(Object... words) {
    String[] arguments = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = words[i].toString();
    }
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (PrintStream both = new PrintStream(text, true)) {
      System.setOut(both);
      System.setErr(both);
      int code = Main.run(arguments);
      return new Outcome(code, text.toString());
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
