package io.boostnet.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchCheckpointTest {

  private static final Path OFFICIAL = ReferenceTensors.checkpoint("msdnet-cifar100-n4-c8-g4");

  @TempDir Path temp;

  @Test
  void official_checkpoint_givesItsTensors() {
    NamedTensors tensors = NamedTensors.read(OFFICIAL);
    assertThat(tensors.get("blocks.0.0.layers.0.net.0.weight").shape())
        .containsExactly(8L, 3L, 3L, 3L);
    assertThat(tensors.get("blocks.0.0.layers.0.net.1.num_batches_tracked").shape()).isEmpty();
    assertThat(tensors.values("blocks.0.0.layers.0.net.1.running_var")).hasSize(8);
  }

  @Test
  void tensor_thatIsAStridedView_isReadInRowMajorOrder() throws IOException {
    Path file =
        dictionary("module.w", 1, new int[] {3, 2}, new int[] {1, 3}, 7, 0, 1, 2, 3, 4, 5, 6)
            .write(temp.resolve("view.pth"));
    NamedTensors tensors = NamedTensors.read(file);
    assertThat(tensors.tensors()).as("the prefix of DataParallel is gone").containsOnlyKeys("w");
    assertThat(tensors.get("w").shape()).containsExactly(3L, 2L);
    assertThat(tensors.values("w")).containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void pickle_thatAsksForAnotherClass_isRefusedByName() throws IOException {
    Path file =
        new TorchFixture()
            .global("posix", "system")
            .text("touch " + temp.resolve("owned"))
            .raw(0x85, 'R')
            .write(temp.resolve("evil.pth"));
    assertThatThrownBy(() -> NamedTensors.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("posix.system")
        .hasMessageContaining(file.toString());

    Path tampered =
        TorchFixture.tamper(
            OFFICIAL,
            "collections\nOrderedDict",
            "subprocesss\ncheck_calls",
            temp.resolve("t.pth"));
    assertThatThrownBy(() -> NamedTensors.read(tampered))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("subprocesss.check_calls");
  }

  @Test
  void pickle_withOperationsThatTorchDoesNotWrite_isRefused() throws IOException {
    for (int operation : new int[] {0x93, 'i', 'o', 0x81, 0x92, 0x82, 0x8b, 0x8e, 0x96, 'I', 'S'}) {
      Path file = new TorchFixture().raw(operation).write(temp.resolve("operation.pth"));
      assertThatThrownBy(() -> NamedTensors.read(file))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining(String.format("0x%02x", operation));
    }
  }

  @Test
  void tensor_beyondItsStorage_isRefusedBeforeAnythingIsAllocated() throws IOException {
    List<int[]> shapesAndStrides =
        List.of(
            new int[] {5, 1},
            new int[] {4, 2},
            new int[] {1 << 30, 0},
            new int[] {2, -1},
            new int[] {-1, 1});
    for (int[] bad : shapesAndStrides) {
      Path file =
          dictionary("w", 0, new int[] {bad[0]}, new int[] {bad[1]}, 4, 1, 2, 3, 4)
              .write(temp.resolve("bad.pth"));
      assertThatThrownBy(() -> NamedTensors.read(file))
          .as(Arrays.toString(bad))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("outside of its storage");
    }
    Path lies =
        dictionary("w", 0, new int[] {1 << 20}, new int[] {1}, 1 << 20, 1, 2)
            .write(temp.resolve("lies.pth"));
    assertThatThrownBy(() -> NamedTensors.read(lies))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("storage 0");
  }

  @Test
  void keyOfNestedLists_whoseHashWouldNeverEnd_isRefused() throws IOException {
    TorchFixture nested = new TorchFixture().raw(']', 'q', 0);
    for (int depth = 1; depth <= 60; depth++) { // each list holds the one before it twice
      nested.raw(']', 'q', depth, 'h', depth - 1, 'a', 'h', depth - 1, 'a');
    }
    Path file = nested.raw('}', 'h', 60).integer(1).raw('s').write(temp.resolve("nested.pth"));

    assertThatThrownBy(() -> NamedTensors.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("key");
  }

  @Test
  void text_longerThanThePickle_isRefusedBeforeItIsAllocated() throws IOException {
    Path file = new TorchFixture().raw('X', 0xff, 0xff, 0xff, 0x7f).write(temp.resolve("long.pth"));
    assertThatThrownBy(() -> NamedTensors.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("longer than the pickle");
  }

  @Test
  void archive_thatIsCompressedOrIncomplete_isRefused() throws IOException {
    Map<String, byte[]> files = TorchFixture.filesOf(OFFICIAL);
    Path compressed = temp.resolve("compressed.pth");
    TorchFixture.writeArchive(compressed, files, ZipEntry.DEFLATED);
    assertThatThrownBy(() -> NamedTensors.read(compressed))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("compressed");

    files.remove("data/100");
    Path incomplete = temp.resolve("incomplete.pth");
    TorchFixture.writeArchive(incomplete, files, ZipEntry.STORED);
    assertThatThrownBy(() -> NamedTensors.read(incomplete))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("data/100 is missing");

    Path other = new TorchFixture().raw('}').write(temp.resolve("empty.pth"));
    assertThatThrownBy(() -> NamedTensors.read(other))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no state_dict");
  }

  /** Whatever is done to the bytes, the answer is tensors or one sentence. */
  @Test
  void checkpoint_withRandomDamage_isReadOrRefused() throws IOException {
    Path small =
        dictionary("w", 0, new int[] {2, 2}, new int[] {2, 1}, 4, 1, 2, 3, 4)
            .write(temp.resolve("a.pth"));
    byte[] pickle = TorchFixture.filesOf(small).get("data.pkl");
    Path damaged = temp.resolve("damaged.pth");
    Random random = new Random(11);
    for (int round = 0; round < 500; round++) {
      byte[] bytes = pickle.clone();
      for (int change = 0; change <= random.nextInt(3); change++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Map<String, byte[]> files = TorchFixture.filesOf(small);
      files.put(
          "data.pkl",
          Arrays.copyOf(bytes, random.nextInt(10) == 0 ? bytes.length / 2 : bytes.length));
      TorchFixture.writeArchive(damaged, files, ZipEntry.STORED);
      try {
        assertThat(NamedTensors.read(damaged).tensors()).hasSize(1);
      } catch (BadInputException e) {
        assertThat(e).hasMessageContaining("damaged.pth");
      }
    }
    Files.delete(damaged);
  }

  private static TorchFixture dictionary(
      String name, int offset, int[] shape, int[] strides, int stated, float... storage) {
    return new TorchFixture()
        .raw('}')
        .text("state_dict")
        .raw('}')
        .text(name)
        .tensor("0", offset, shape, strides, stated, storage)
        .raw('s', 's');
  }
}
