package io.boostnet.training.checkpoint;

import io.boostnet.fuzz.Attempt;
import io.boostnet.fuzz.Edit;
import io.boostnet.fuzz.Fuzz;
import io.boostnet.fuzz.JsonEdit;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged checkpoints: tensors or a {@link BadInputException}. */
class CheckpointFuzzTest {

  private static final long MOST_HEAP = 32 << 20;
  private static final float[] ELEMENTS = {1, 2, 3, 4, 5, 6};

  private static final String HEADER =
      """
      {"__metadata__": {"format": "pt"},
       "a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
       "b": {"dtype": "F16", "shape": [4], "data_offsets": [24, 32]},
       "c": {"dtype": "I64", "shape": [], "data_offsets": [32, 40]}}""";

  private static Path file;
  private static byte[] archive;
  private static Map<String, byte[]> small;
  private static byte[] official;
  private static byte[] safetensors;

  @BeforeContainer
  static void prepare() throws IOException {
    file = Files.createTempFile("fuzzed", ".pth");
    new TorchFixture()
        .raw('}')
        .text("state_dict")
        .raw('}')
        .text("module.w")
        .tensor("0", 1, new int[] {2, 2}, new int[] {2, 1}, ELEMENTS.length, ELEMENTS)
        .raw('s', 's')
        .write(file);
    archive = Files.readAllBytes(file);
    small = TorchFixture.filesOf(file);
    official =
        TorchFixture.filesOf(ReferenceTensors.checkpoint("msdnet-cifar100-n4-c8-g4"))
            .get("data.pkl");
    safetensors = safetensors(HEADER);
  }

  @AfterContainer
  static void delete() throws IOException {
    Files.delete(file);
  }

  @Fuzz
  void damagedArchive_isReadOrRefused(@ForAll("edits") List<Edit> edits) throws IOException {
    read(Edit.apply(edits, archive));
  }

  @Fuzz
  void damagedPickle_isReadOrRefused(@ForAll("edits") List<Edit> edits) throws IOException {
    readPickle(Edit.apply(edits, small.get("data.pkl")));
  }

  @Fuzz
  void damagedPickleOfTheOfficialCode_isReadOrRefused(@ForAll("edits") List<Edit> edits)
      throws IOException {
    readPickle(Edit.apply(edits, official));
  }

  @Fuzz
  void damagedSafetensors_isReadOrRefused(@ForAll("edits") List<Edit> edits) throws IOException {
    read(Edit.apply(edits, safetensors));
  }

  @Fuzz
  void safetensorsWithOtherHeader_isReadOrRefused(@ForAll("jsonEdits") List<JsonEdit> edits)
      throws IOException {
    read(safetensors(JsonEdit.apply(edits, HEADER)));
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    return Edit.several();
  }

  @Provide
  Arbitrary<List<JsonEdit>> jsonEdits() {
    return JsonEdit.several();
  }

  private static void readPickle(byte[] pickle) throws IOException {
    TorchFixture.writeArchive(
        file, Map.of("data.pkl", pickle, "data/0", small.get("data/0")), ZipEntry.STORED);
    attempt();
  }

  private static void read(byte[] checkpoint) throws IOException {
    Files.write(file, checkpoint);
    attempt();
  }

  private static void attempt() {
    Attempt.at(() -> NamedTensors.read(file), MOST_HEAP, Set.of(BadInputException.class));
  }

  private static byte[] safetensors(String header) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + 40)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }
}
