package io.boostnet.flink.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.TestBundles;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleReaderTest {

  @TempDir Path directory;

  private Path damaged(String find, String replace) throws IOException {
    Path bundle = TestBundles.copyTo(directory);
    Path manifest = bundle.resolve("manifest.json");
    String json = Files.readString(manifest);
    assertThat(json).contains(find);
    Files.writeString(manifest, json.replaceFirst(java.util.regex.Pattern.quote(find), replace));
    return bundle;
  }

  private static void assertRefused(Path bundle, String... parts) {
    assertThatThrownBy(() -> ModelBundle.read(bundle.toString()).verify())
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll(parts)
        .hasMessageContaining(bundle.toString());
  }

  @Test
  void bundle_isReadAsACascade() {
    Cascade cascade = TestBundles.cascade();
    assertThat(cascade.name()).isEqualTo("random");
    assertThat(cascade.exits()).isEqualTo(3);
    assertThat(cascade.classes()).isEqualTo(10);
    assertThat(cascade.stages().get(0).inputs().get(0).rowShape()).containsExactly(3L, 32L, 32L);
    assertThat(cascade.stages().get(2).outputs()).hasSize(1);
    assertThat(cascade.costInMacs().atExit(3)).isEqualTo(1);
  }

  @Test
  void times_makeTheCosts_andWithoutThemOperationsDo() throws Exception {
    Cascade timed =
        ModelBundle.read(TestBundles.withTimes(directory, 60.0, 30.0, 10.0).toString()).cascade();
    assertThat(timed.cost(CostUnit.TIME).atExit(1)).isEqualTo(0.6, within(1e-12));
    assertThat(timed.cost(CostUnit.MACS).atExit(1)).isEqualTo(timed.costInMacs().atExit(1));
    Cascade untimed = TestBundles.cascade();
    assertThat(untimed.unitOf(CostUnit.TIME)).isEqualTo(CostUnit.MACS);
    assertThat(untimed.cost(CostUnit.TIME).atExit(1)).isEqualTo(untimed.costInMacs().atExit(1));
  }

  @Test
  void timesOfOtherStages_areRefused() throws Exception {
    Path wrong = TestBundles.withTimes(directory, 60.0, 30.0);
    assertRefused(wrong, "there are times of 2 stages, and 3 stages");
  }

  @Test
  void bundleOfFormat1_keepsItsInterpolation() throws IOException {
    assertThat(Files.readString(TestBundles.random().resolve("manifest.json")))
        .doesNotContain("interpolation");
    assertThat(TestBundles.cascade().preprocessing().interpolation())
        .isEqualTo(Preprocessing.Interpolation.AREA);
  }

  @Test
  void zippedBundle_isTheSame() throws IOException {
    Path zip = directory.resolve("bundle.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
        Stream<Path> files = Files.list(TestBundles.random())) {
      for (Path file : files.toList()) {
        out.putNextEntry(new ZipEntry("random/" + file.getFileName()));
        Files.copy(file, out);
      }
    }
    assertThat(ModelBundle.read(zip.toString()).verify().cascade())
        .isEqualTo(TestBundles.cascade());
  }

  @Test
  void missingBundle_isNamed() {
    assertRefused(directory.resolve("nowhere"), "has no manifest.json");
  }

  @Test
  void manifestThatIsNone_isRefused() throws IOException {
    Files.writeString(directory.resolve("manifest.json"), "{\"formatVersion\": \"x\"}");
    assertRefused(directory, "is not a manifest of formats 1 to 3");
  }

  @Test
  void otherFormatVersion_isRefused() throws IOException {
    assertRefused(
        damaged("\"formatVersion\" : 1", "\"formatVersion\" : 4"),
        "formatVersion 4, this release reads 1 to 3");
  }

  @Test
  void missingStage_isNamed() throws IOException {
    Path bundle = TestBundles.copyTo(directory);
    Files.delete(bundle.resolve("stage-2.onnx"));
    assertRefused(bundle, "has no stage-2.onnx");
  }

  @Test
  void wrongChecksum_isRefused() throws IOException {
    Path bundle = TestBundles.copyTo(directory);
    byte[] model = Files.readAllBytes(bundle.resolve("stage-3.onnx"));
    model[model.length / 2] ^= 1;
    Files.write(bundle.resolve("stage-3.onnx"), model);
    assertRefused(bundle, "stage-3.onnx has the SHA-256", "the manifest says");
  }

  @Test
  void stageWhoseInputsDoNotMatchTheStageBefore_isRefused() throws IOException {
    assertRefused(
        damaged("\"width\" : 32", "\"width\" : 33"), "stage-1 takes", "the preprocessing gives");
  }

  @Test
  void impossiblePreprocessing_isRefused() throws IOException {
    assertRefused(damaged("\"width\" : 32", "\"width\" : 0"), "preprocessing.width is 0");
  }

  @Test
  void bundleWithoutEvidence_saysSo() {
    assertThatThrownBy(() -> ModelBundle.read(TestBundles.random().toString()).calibration())
        .isInstanceOf(BundleException.class)
        .hasMessageContaining(
            "has no calibration.avro; make it with ./boostnet calibrate <bundle> --data <data set>");
  }
}
