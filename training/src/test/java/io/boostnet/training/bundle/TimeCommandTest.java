package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.StageTimes;
import io.boostnet.training.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the signs that ship, which have both forms. */
class TimeCommandTest {

  private static final Path SHIPPED = Path.of("..", "jobs", "demo", "models", "gtsrb-msdnet");

  @TempDir Path directory;

  private Path copy() throws Exception {
    Path bundle = Files.createDirectory(directory.resolve("signs"));
    try (Stream<Path> files = Files.list(SHIPPED)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, bundle.resolve(file.getFileName()));
      }
    }
    return bundle;
  }

  @Test
  void bothForms_areTimedOnThisMachine_andNothingElseChanges() throws Exception {
    Path bundle = copy();
    ModelManifest before = new BundleFolder(bundle).manifest();

    assertThat(Main.run("time", bundle.toString(), "--micro-batch", "2")).isZero();

    ModelManifest after = new BundleFolder(bundle).manifest();
    for (StageTimes times : List.of(after.getTimes(), after.getVariants().get(0).getTimes())) {
      assertThat(times.getMachine()).contains("ONNX Runtime");
      assertThat(times.getMicroBatch()).isEqualTo(2);
      assertThat(times.getNanos()).hasSize(4).allMatch(nanos -> nanos > 0);
    }
    after.setTimes(before.getTimes());
    after.getVariants().get(0).setTimes(before.getVariants().get(0).getTimes());
    assertThat(after).isEqualTo(before);
  }

  @Test
  void microBatchThatIsNone_isRefused_andTheBundleStays() throws Exception {
    Path bundle = copy();
    byte[] before = Files.readAllBytes(bundle.resolve("manifest.json"));
    assertThat(Main.run("time", bundle.toString(), "--micro-batch", "0")).isEqualTo(2);
    assertThat(bundle.resolve("manifest.json")).hasBinaryContent(before);
  }
}
