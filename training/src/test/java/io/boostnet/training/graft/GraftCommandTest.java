package io.boostnet.training.graft;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.schema.ElementType;
import io.boostnet.schema.TensorSpec;
import io.boostnet.training.Main;
import io.boostnet.training.bundle.onnx.OnnxGraph;
import io.boostnet.training.data.DataFixtures;
import io.boostnet.training.graph.Foreign;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraftCommandTest {

  private static final int WIDTH = 16;
  private static final int TOKENS = 17;

  @TempDir Path temp;

  @Test
  void residualNetwork_withTwoExits_keepsItsOwnLogitsAsTheLast() throws IOException {
    Path network = Files.write(temp.resolve("network.onnx"), Foreign.plain().toByteArray());

    Outcome list = run("graft", "--model", network, "--preprocessing", "plain:16", "--list-cuts");
    assertThat(list.code()).isZero();
    assertThat(list.text()).contains("MACs for one image", "8 x 8 x 8");

    Path bundle = temp.resolve("bundle");
    Outcome grafted = graft(network, bundle, "--at", "0.3,0.7");
    assertThat(grafted.code()).as(grafted.text()).isZero();
    assertThat(grafted.text()).contains("bit for bit", "Early exits");
    JsonNode manifest = new ObjectMapper().readTree(bundle.resolve("manifest.json").toFile());
    assertThat(manifest.get("stages")).hasSize(3);
    assertThat(manifest.get("architecture").get("arguments").has("exit-2")).isTrue();
    assertThat(bundle.resolve("graft.png")).exists();
    assertThat(bundle.resolve("calibration.avro")).exists();
    try (var files = Files.list(temp)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("the features are gone")
          .noneMatch(name -> name.startsWith("."));
    }
  }

  @Test
  void transformer_isGraftedOnItsTokens() throws IOException {
    Path network = Files.write(temp.resolve("vit.onnx"), transformer());
    assertThat(Path.of("../jobs/lab/src/test/resources/your-model/vit.onnx"))
        .as("what YourModelITCase serves")
        .hasSameBinaryContentAs(network);

    Outcome list = run("graft", "--model", network, "--preprocessing", "plain:16", "--list-cuts");
    assertThat(list.text()).contains("17 x 16", "block_1");

    Outcome grafted = graft(network, temp.resolve("bundle"), "--cut", "block_1");
    assertThat(grafted.code()).as(grafted.text()).isZero();
    assertThat(grafted.text()).contains("hidden 128").contains("The last exit");
  }

  @Test
  void mistakes_endWithCode2InOneSentence() throws IOException {
    Path network = Files.write(temp.resolve("network.onnx"), Foreign.plain().toByteArray());

    assertThat(graft(network, temp.resolve("b"), "--cut", "nowhere").text())
        .contains("nowhere is no place to cut");
    assertThat(graft(network, temp.resolve("b"), "--at", "1.5").text()).contains("--at has 1.5");
    assertThat(graft(network, temp, "--at", "0.5").text()).contains("something at");
    Outcome unknown = run("graft", "--model", network, "--list-cuts");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.text()).contains("--preprocessing");
    assertThat(run("graft", "--model", network, "--list-cuts", "--preprocessing", "timm").text())
        .contains("timm:224");
  }

  private Outcome graft(Path network, Path bundle, String option, String value) throws IOException {
    Path images = temp.resolve("images");
    if (!Files.exists(images)) {
      DataFixtures.tracks(images, List.of(6, 6, 6, 6, 6), 4, 20, 20);
    }
    return run(
        "graft",
        "--model",
        network,
        "--preprocessing",
        "plain:16",
        "--data",
        images,
        "--epochs",
        "2",
        "--threads",
        "1",
        option,
        value,
        "--output",
        bundle);
  }

  /** A vision transformer of two blocks, with the shapes worked out as PyTorch's exporter does. */
  private static byte[] transformer() {
    Random random = new Random(8);
    OnnxGraph graph = new OnnxGraph("vit");
    graph.input(new TensorSpec("images", ElementType.FLOAT, List.of(-1L, 3L, 16L, 16L)));
    String patches =
        graph.node(
            "Conv",
            "patches",
            List.of("images", weights(graph, random, "patch", WIDTH, 3, 4, 4)),
            attribute("strides", List.of(4L, 4L)));
    String batch =
        graph.node(
            "Gather",
            "batch",
            List.of(graph.node("Shape", "sizes", List.of(patches)), graph.integers("first", 0)));
    String flatShape =
        graph.node(
            "Concat",
            "flat_shape",
            List.of(batch, graph.integers("flat_sizes", WIDTH, -1)),
            attribute("axis", 0));
    String flat = graph.node("Reshape", "flat", List.of(patches, flatShape));
    String rows =
        graph.node("Transpose", "rows", List.of(flat), attribute("perm", List.of(0L, 2L, 1L)));
    String tokenShape =
        graph.node(
            "Concat",
            "token_shape",
            List.of(batch, graph.integers("token_sizes", 1, WIDTH)),
            attribute("axis", 0));
    String token =
        graph.node(
            "Expand",
            "token",
            List.of(weights(graph, random, "class_token", 1, 1, WIDTH), tokenShape));
    String tokens = graph.node("Concat", "tokens", List.of(token, rows), attribute("axis", 1));
    String value =
        graph.node(
            "Add",
            "block_0",
            List.of(tokens, weights(graph, random, "positions", 1, TOKENS, WIDTH)));
    for (int block = 1; block <= 2; block++) {
      value = block(graph, random, block, value);
    }
    String last =
        graph.node(
            "Gather",
            "last",
            List.of(norm(graph, "final", value), graph.integers("class", 0)),
            attribute("axis", 1));
    graph.node(
        "Gemm",
        "logits",
        List.of(
            graph.node("Flatten", "vector", List.of(last)),
            weights(graph, random, "head", WIDTH, Foreign.CLASSES),
            weights(graph, random, "bias", Foreign.CLASSES)));
    graph.output(new TensorSpec("logits", ElementType.FLOAT, List.of(-1L, (long) Foreign.CLASSES)));
    return graph.model().toByteArray();
  }

  private static String block(OnnxGraph graph, Random random, int number, String input) {
    String name = "b" + number + "_";
    String normal = norm(graph, name + "n1", input);
    String query = linear(graph, random, name + "q", normal, WIDTH, WIDTH);
    String key = linear(graph, random, name + "k", normal, WIDTH, WIDTH);
    String values = linear(graph, random, name + "v", normal, WIDTH, WIDTH);
    String turned =
        graph.node("Transpose", name + "t", List.of(key), attribute("perm", List.of(0L, 2L, 1L)));
    String scores = graph.node("MatMul", name + "s", List.of(query, turned));
    String attention = graph.node("Softmax", name + "a", List.of(scores), attribute("axis", -1));
    String mixed = graph.node("MatMul", name + "m", List.of(attention, values));
    String out = linear(graph, random, name + "o", mixed, WIDTH, WIDTH);
    String sum = graph.node("Add", name + "r", List.of(input, out));
    String wide =
        linear(graph, random, name + "w", norm(graph, name + "n2", sum), WIDTH, 2 * WIDTH);
    String relu = graph.node("Relu", name + "g", List.of(wide));
    String narrow = linear(graph, random, name + "d", relu, 2 * WIDTH, WIDTH);
    return graph.node("Add", "block_" + number, List.of(sum, narrow));
  }

  private static String norm(OnnxGraph graph, String name, String input) {
    float[] ones = new float[WIDTH];
    Arrays.fill(ones, 1);
    return graph.node(
        "LayerNormalization",
        name,
        List.of(
            input,
            graph.floats(name + "_scale", ones, WIDTH),
            graph.floats(name + "_shift", new float[WIDTH], WIDTH)),
        attribute("axis", -1));
  }

  private static String linear(
      OnnxGraph graph, Random random, String name, String input, int from, int to) {
    return graph.node(
        "MatMul", name, List.of(input, weights(graph, random, name + "_weight", from, to)));
  }

  private static String weights(OnnxGraph graph, Random random, String name, long... shape) {
    int size = 1;
    for (long length : shape) {
      size *= (int) length;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian() * 0.2f;
    }
    return graph.floats(name, values, shape);
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
