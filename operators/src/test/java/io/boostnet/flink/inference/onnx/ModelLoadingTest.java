package io.boostnet.flink.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.model.ElementType;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the way of a model's loading, in one sentence with the remedy. */
class ModelLoadingTest {

  private static final TensorSpec ROW = new TensorSpec("x", ElementType.FLOAT, List.of(8L));

  @TempDir Path temp;

  /** Weights that lie in the working directory by chance are not the bundle's. */
  @Test
  void weightsInAFileOfTheirOwn_areRefused_evenWhereTheWorkingDirectoryHasThem()
      throws IOException {
    Path weights = Path.of("target", "weights-of-another-model.bin");
    Files.write(weights, new byte[4 * 8 * 8]);
    byte[] model = modelWithWeightsIn(weights.toString());

    assertThatThrownBy(() -> OnnxStageRunner.open(stage(), Device.CPU, () -> model).close())
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("s.onnx keeps weights in a file of its own")
        .hasMessageContaining("export the bundle again");
  }

  @Test
  void temporaryDirectoryThatCannotBeUsed_isNamedWithTheRemedy()
      throws IOException, InterruptedException {
    Path output = temp.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Djava.io.tmpdir=/proc/none",
                "-cp",
                System.getProperty("java.class.path"),
                Opening.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output))
        .contains("InferenceException: ONNX Runtime cannot be loaded")
        .contains("/proc/none cannot be used; name another with -Djava.io.tmpdir");
  }

  /** Opens a stage in a process of its own. */
  static final class Opening {

    public static void main(String[] arguments) throws IOException {
      try {
        OnnxStageRunner.open(stage(), Device.CPU, () -> new byte[0]);
      } catch (InferenceException e) {
        System.out.println(e);
      }
    }
  }

  private static Stage stage() {
    return new Stage(1, "s.onnx", "0".repeat(64), List.of(ROW), List.of(ROW), 1, 1);
  }

  /** y = x W, with W in a file; protocol buffers, fields as in onnx.proto. */
  private static byte[] modelWithWeightsIn(String file) {
    Message weights =
        new Message()
            .number(1, 8)
            .number(1, 8)
            .number(2, 1)
            .text(8, "w")
            .message(13, new Message().text(1, "location").text(2, file))
            .number(14, 1);
    Message node = new Message().text(1, "x").text(1, "w").text(2, "y").text(4, "MatMul");
    Message graph =
        new Message()
            .message(1, node)
            .text(2, "graph")
            .message(5, weights)
            .message(11, new Message().text(1, "x").message(2, rows()))
            .message(12, new Message().text(1, "y").message(2, rows()));
    return new Message()
        .number(1, 8)
        .message(7, graph)
        .message(8, new Message().number(2, 17))
        .toByteArray();
  }

  private static Message rows() {
    Message shape =
        new Message().message(1, new Message().text(2, "n")).message(1, new Message().number(1, 8));
    return new Message().message(1, new Message().number(1, 1).message(2, shape));
  }

  /** A protocol buffer in the making. */
  private static final class Message extends ByteArrayOutputStream {

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.toByteArray());
    }

    private Message bytes(int field, byte[] value) {
      varint((long) field << 3 | 2);
      varint(value.length);
      writeBytes(value);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while (rest > 0x7f) {
        write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      write((int) rest);
    }
  }
}
