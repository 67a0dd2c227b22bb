package io.boostnet.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.training.input.BadInputException;
import io.boostnet.training.network.Parameter;
import io.boostnet.training.network.Parameter.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedTensorsTest {

  private static final Tensor MATRIX = new Tensor(List.of(2L, 3L), new float[] {1, 2, 3, 4, 5, 6});
  private static final Tensor SCALAR = new Tensor(List.of(), new float[] {7});

  @TempDir Path temp;

  @Test
  void safetensors_writtenAndRead_areTheSame() throws IOException {
    Path file = temp.resolve("weights.safetensors");
    new NamedTensors(Map.of("m", MATRIX, "s", SCALAR)).write(file);
    NamedTensors read = NamedTensors.read(file);
    assertThat(read.tensors()).containsOnlyKeys("m", "s");
    assertThat(read.get("m").shape()).isEqualTo(MATRIX.shape());
    assertThat(read.values("m")).containsExactly(MATRIX.values());
    assertThat(read.values("s")).containsExactly(7);
  }

  @Test
  void safetensors_ofOtherTypes_areReadAsFloats() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    data.putLong(-3).putShort((short) 0x3e00).putShort((short) 0x3fc0).putDouble(0.25).flip();
    Path file =
        safetensors(
            """
            {"i":{"dtype":"I64","shape":[],"data_offsets":[0,8]},
             "h":{"dtype":"F16","shape":[1],"data_offsets":[8,10]},
             "b":{"dtype":"BF16","shape":[1],"data_offsets":[10,12]},
             "d":{"dtype":"F64","shape":[1],"data_offsets":[12,20]}}""",
            data);
    NamedTensors read = NamedTensors.read(file);
    assertThat(read.values("i")).containsExactly(-3);
    assertThat(read.values("h")).containsExactly(1.5f);
    assertThat(read.values("b")).containsExactly(1.5f);
    assertThat(read.values("d")).containsExactly(0.25f);
  }

  @Test
  void safetensors_whoseHeaderLies_areRefused() throws IOException {
    for (String header :
        List.of(
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,12]}}",
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[0,20]}}",
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[4611686018427387905],\"data_offsets\":[0,4]}}",
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[-4,-4]}}",
            "{\"w\":{\"dtype\":\"F31\",\"shape\":[4],\"data_offsets\":[0,16]}}",
            "{\"w\":1,\"w\":2}",
            "[1]",
            "{\"w\"")) {
      Path file = safetensors(header, ByteBuffer.allocate(16));
      assertThatThrownBy(() -> NamedTensors.read(file))
          .as(header)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void checkpoint_thatIsMissingTruncatedOrNone_isRefusedInOneSentence() throws IOException {
    assertThatThrownBy(() -> NamedTensors.read(temp.resolve("none.pth")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no such file");
    Path text = Files.writeString(temp.resolve("notes.pth"), "these are notes, not weights");
    assertThatThrownBy(() -> NamedTensors.read(text))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("neither a safetensors file nor a .pth");
    Path file = temp.resolve("cut.safetensors");
    new NamedTensors(Map.of("m", MATRIX)).write(file);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) - 1));
    assertThatThrownBy(() -> NamedTensors.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("truncated");
  }

  @Test
  void matching_namesWhatIsMissingMisshapenAndSurplus() {
    List<Parameter> parameters =
        List.of(
            new Parameter("m", List.of(2L, 3L), Role.LINEAR_WEIGHT),
            new Parameter("s", List.of(1L), Role.BIAS),
            new Parameter("gone", List.of(4L), Role.BIAS));
    NamedTensors tensors = new NamedTensors(Map.of("m", MATRIX, "s", SCALAR, "extra", SCALAR));
    assertThatThrownBy(() -> tensors.matching(parameters, List.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("Missing: gone.")
        .hasMessageContaining("s is [] and should be [1]")
        .hasMessageContaining("Surplus: extra.");
    assertThat(tensors.matching(parameters.subList(0, 1), List.of("s", "extra")).tensors())
        .containsOnlyKeys("m");
  }

  private Path safetensors(String header, ByteBuffer data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json).put(data);
    return Files.write(temp.resolve("made.safetensors"), file.array());
  }
}
