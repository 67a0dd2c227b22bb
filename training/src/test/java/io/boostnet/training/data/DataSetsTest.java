package io.boostnet.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.image.ImageWriter;
import io.boostnet.image.Resize;
import io.boostnet.schema.Interpolation;
import io.boostnet.training.data.DataSets.Layout;
import io.boostnet.training.data.DataSplits.Split;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {

  @TempDir Path temp;

  @Test
  void cifar100_folder_keepsOrderLabelsAndPixels() throws IOException {
    Path folder = DataFixtures.cifar100(temp.resolve("cifar"), 30, 6);
    DataSplits splits = DataSets.open(folder, Layout.AUTO, SplitPlan.DEFAULT);

    assertThat(splits.name()).isEqualTo("cifar100");
    assertThat(splits.classNames()).containsExactly("apple", "bee", "camel");
    assertThat(splits.train().size()).isEqualTo(27);
    assertThat(splits.validation().size()).isEqualTo(3);
    assertThat(labels(splits.validation())).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(labels(splits.test())).containsExactly(0, 1, 2, 0, 1, 2);

    byte[] records = DataFixtures.cifarRecords(2, 6, 2);
    assertThat(planes(splits.test(), 4, Resize.stretch(32, 32)))
        .isEqualTo(Arrays.copyOfRange(records, 4 * 3074 + 2, 5 * 3074));
  }

  @Test
  void cifar100_archive_equalsFolder() throws IOException {
    Path folder = DataFixtures.cifar100(temp.resolve("cifar"), 12, 3);
    Path archive = DataFixtures.tarGz(folder, temp.resolve("cifar-100-binary.tar.gz"));
    DataSplits packed = DataSets.open(archive, Layout.AUTO, SplitPlan.DEFAULT);
    DataSplits unpacked = DataSets.open(folder, Layout.AUTO, SplitPlan.DEFAULT);

    Resize size = Resize.stretch(32, 32);
    assertThat(packed.train().size()).isEqualTo(unpacked.train().size());
    assertThat(packed.sha256()).hasSize(64).isEqualTo(unpacked.sha256());
    assertThat(planes(packed.train(), 5, size)).isEqualTo(planes(unpacked.train(), 5, size));
  }

  @Test
  void cifar10_batches_areJoined() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("cifar10"));
    Files.writeString(folder.resolve("batches.meta.txt"), "airplane\nbird\ncat\n\n");
    for (int batch = 1; batch <= 5; batch++) {
      Files.write(
          folder.resolve("data_batch_" + batch + ".bin"), DataFixtures.cifarRecords(1, 6, batch));
    }
    Files.write(folder.resolve("test_batch.bin"), DataFixtures.cifarRecords(1, 4, 9));

    DataSplits splits = DataSets.open(folder, Layout.AUTO, new SplitPlan(1, 0, 0));
    assertThat(splits.name()).isEqualTo("cifar10");
    assertThat(splits.train().size()).isEqualTo(30);
    assertThat(planes(splits.train(), 29, Resize.stretch(32, 32)))
        .isEqualTo(Arrays.copyOfRange(DataFixtures.cifarRecords(1, 6, 5), 5 * 3073 + 1, 6 * 3073));
  }

  @Test
  void cifar_truncatedOrIncomplete_isRefusedByName() throws IOException {
    Path folder = DataFixtures.cifar100(temp.resolve("cifar"), 12, 3);
    Path archive = DataFixtures.tarGz(folder, temp.resolve("cifar.tar.gz"));
    byte[] packed = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(packed, packed.length / 2));
    assertThatThrownBy(() -> DataSets.open(archive, Layout.AUTO, SplitPlan.DEFAULT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("cifar.tar.gz")
        .hasMessageContaining("truncated");

    byte[] test = Files.readAllBytes(folder.resolve("test.bin"));
    Files.write(folder.resolve("test.bin"), Arrays.copyOf(test, test.length - 100));
    assertThatThrownBy(() -> DataSets.open(folder, Layout.AUTO, SplitPlan.DEFAULT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("test.bin")
        .hasMessageContaining("3,074");

    Files.delete(folder.resolve("test.bin"));
    assertThatThrownBy(() -> DataSets.open(folder, Layout.AUTO, SplitPlan.DEFAULT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no test.bin");
  }

  @Test
  void tracks_areSplitWholeAndEveryClassIsInEverySplit() throws IOException {
    Path root = DataFixtures.tracks(temp.resolve("signs"), List.of(3, 8, 12), 4, 12, 10);
    DataSplits splits = DataSets.open(root, Layout.AUTO, SplitPlan.DEFAULT);

    Set<String> seen = new HashSet<>();
    int images = 0;
    for (Split split : Split.values()) {
      LabelledImages part = splits.images(split);
      Set<String> sources = new TreeSet<>();
      for (int i = 0; i < part.size(); i++) {
        sources.add(part.sourceId(i));
        assertThat(part.sourceId(i)).as("tracks in one piece").isEqualTo(part.sourceId(i - i % 4));
        assertThat(part.sourceId(i)).startsWith(String.format("%02d/", part.label(i)));
      }
      assertThat(part.size()).as("whole tracks").isEqualTo(4 * sources.size());
      assertThat(seen).as("no track is in two splits").noneMatch(sources::contains);
      seen.addAll(sources);
      images += part.size();
      assertThat(new TreeSet<>(labels(part))).containsExactly(0, 1, 2);
    }
    assertThat(images).isEqualTo(4 * 23);
  }

  @Test
  void splits_sameSeedTwice_areTheSame_otherSeed_differ() throws IOException {
    Path root = DataFixtures.tracks(temp.resolve("signs"), List.of(9, 9), 1, 8, 8);
    assertThat(sources(root, 1)).isEqualTo(sources(root, 1)).isNotEqualTo(sources(root, 2));
  }

  @Test
  void images_withFoldersTrainAndVal_keepTheOfficialTestSet() throws IOException {
    Path root = temp.resolve("pictures");
    DataFixtures.tracks(root.resolve("train"), List.of(4, 4), 3, 8, 8);
    DataFixtures.tracks(root.resolve("val"), List.of(2, 2), 1, 8, 8);
    DataSplits splits = DataSets.open(root, Layout.AUTO, SplitPlan.DEFAULT);
    assertThat(splits.test().size()).isEqualTo(4);
    assertThat(splits.validation().size()).isEqualTo(2);
    assertThat(splits.train().size()).isEqualTo(22);
  }

  @Test
  void imageFile_decodedAtItsOwnSize_givesItsPixels_atOtherSizes_isResized() throws IOException {
    Path root = temp.resolve("one");
    byte[] planes = new byte[3 * 4 * 6];
    IntStream.range(0, planes.length).forEach(i -> planes[i] = (byte) (2 * i));
    for (String label : List.of("a", "b")) {
      Path folder = Files.createDirectories(root.resolve(label));
      Files.write(folder.resolve("x.png"), ImageWriter.png(planes, 0, 4, 6));
    }
    LabelledImages images = DataSets.open(root, Layout.AUTO, new SplitPlan(1, 0, 0)).train();

    assertThat(planes(images, 1, Resize.stretch(4, 6))).isEqualTo(planes);
    assertThat(planes(images, 0, Resize.shortSideCrop(4, 4, 4)))
        .as("the centre columns 1 to 4")
        .startsWith(2, 4, 6, 8, 14, 16, 18, 20);
    assertThat(planes(images, 0, Resize.shortSideCrop(8, 4, 6)))
        .as("also where the image has the size of the cut already")
        .isNotEqualTo(planes);
    assertThat(planes(images, 0, Resize.stretch(2, 3).with(Interpolation.AREA)))
        .as("the mean of 2 x 2 pixels")
        .startsWith(7, 11, 15, 31, 35, 39);
    assertThat(images.encoded(0).contentType()).isEqualTo("image/png");
  }

  @Test
  void filesAndFoldersThatSystemsLeaveBehind_areNoClassesAndNoImages() throws IOException {
    Path root = DataFixtures.tracks(temp.resolve("signs"), List.of(2, 3), 2, 8, 8);
    byte[] image = Files.readAllBytes(root.resolve("00/00000_00000.png"));
    for (String folder : List.of(".ipynb_checkpoints", "__MACOSX", ".git", "@eaDir")) {
      Files.createDirectories(root.resolve(folder));
      Files.write(root.resolve(folder).resolve("00000_00000.png"), image);
    }
    for (String file : List.of("._00000_00000.png", ".DS_Store", "Thumbs.db", ".hidden.jpg")) {
      Files.write(root.resolve("01").resolve(file), new byte[] {0, 5, 22, 7});
    }
    Files.createDirectories(root.resolve("01/folder.jpg"));
    DataSplits splits = DataSets.open(root, Layout.AUTO, new SplitPlan(1, 0, 0));

    assertThat(splits.classNames()).containsExactly("00", "01");
    assertThat(splits.train().size()).isEqualTo(10);
    assertThat(planes(splits.train(), 4, Resize.stretch(8, 8))).hasSize(192);
    assertThat(splits.counts())
        .isEqualToNormalizingNewlines(
            "signs: 2 classes; 10 images to train, 0 to validate, 0 to test\n  00 4, 01 6\n");
  }

  @Test
  void manyClasses_areCountedByTheFewestAndTheMost() throws IOException {
    Path root = temp.resolve("many");
    DataFixtures.tracks(
        root, IntStream.range(0, 60).map(c -> c == 7 ? 3 : 2).boxed().toList(), 1, 1, 1);
    Files.delete(root.resolve("31/00001_00000.png"));
    String counts = DataSets.open(root, Layout.IMAGES, SplitPlan.DEFAULT).counts();

    assertThat(counts.lines().toList())
        .hasSize(3)
        .satisfies(
            lines -> {
              assertThat(lines.get(0)).startsWith("many: 60 classes;");
              assertThat(lines.get(1)).startsWith("  fewest: 31 1, ");
              assertThat(lines.get(2)).startsWith("  most: ").endsWith(", 07 3");
            });
  }

  @Test
  void folderWithoutClasses_isOpenedInNameOrder_andRefusedWhereLabelsAreNeeded()
      throws IOException {
    Path root = Files.createDirectories(temp.resolve("pictures"));
    for (String name : List.of("b.png", "a.png", ".c.png")) {
      Files.write(root.resolve(name), ImageWriter.png(new byte[12], 0, 2, 2));
    }
    assertThat(DataSets.isUnlabelled(root, Layout.AUTO)).isTrue();
    LabelledImages images = DataSets.unlabelled(root);
    assertThat(images.size()).isEqualTo(2);
    assertThat(labels(images)).containsOnly(LabelledImages.UNLABELLED);
    assertThatThrownBy(() -> DataSets.open(root, Layout.AUTO, SplitPlan.DEFAULT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("0 class folders")
        .hasMessageContaining("frames takes them, and calibrate as --unlabelled");
  }

  @Test
  void path_thatIsNoDataSet_isRefusedInOneSentence() throws IOException {
    assertThatThrownBy(() -> DataSets.open(temp.resolve("none"), Layout.AUTO, SplitPlan.DEFAULT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no such file or folder");

    Path empty = Files.createDirectories(temp.resolve("empty"));
    assertThatThrownBy(() -> DataSets.open(empty, Layout.AUTO, SplitPlan.DEFAULT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("one folder per class");

    Path text = Files.writeString(temp.resolve("notes.tar"), "not an archive");
    assertThatThrownBy(() -> DataSets.open(text, Layout.AUTO, SplitPlan.DEFAULT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("notes.tar");
  }

  @Test
  void classOfFewImages_keepsOneToTrainOn_whateverTheShares() {
    StratifiedSplit split = StratifiedSplit.of(new int[] {0, 0, 0}, new SplitPlan(1, 0.1, 0.85));

    assertThat(split.train()).hasSize(1);
    assertThat(split.validation()).hasSize(1);
    assertThat(split.test()).hasSize(1);
  }

  @Test
  void image_thatIsDamaged_isNamed() throws IOException {
    Path root = DataFixtures.tracks(temp.resolve("signs"), List.of(1, 1), 1, 8, 8);
    Path bad = root.resolve("00/00000_00000.png");
    Files.writeString(bad, "not an image");
    LabelledImages train = DataSets.open(root, Layout.AUTO, new SplitPlan(1, 0, 0)).train();
    assertThatThrownBy(() -> planes(train, 0, Resize.stretch(8, 8)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(bad.toString());
  }

  private static List<String> sources(Path root, long seed) {
    LabelledImages test = DataSets.open(root, Layout.TRACKS, new SplitPlan(seed, 0.1, 0.3)).test();
    return IntStream.range(0, test.size()).mapToObj(test::sourceId).toList();
  }

  private static List<Integer> labels(LabelledImages images) {
    return IntStream.range(0, images.size()).map(images::label).boxed().toList();
  }

  private static byte[] planes(LabelledImages images, int index, Resize resize) {
    byte[] planes = new byte[resize.planesSize()];
    images.readPlanes(index, resize, planes, 0);
    return planes;
  }
}
