package io.boostnet.training.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.training.Main;
import io.boostnet.training.data.DataFixtures;
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
