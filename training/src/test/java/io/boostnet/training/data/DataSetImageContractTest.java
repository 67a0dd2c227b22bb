package io.boostnet.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.image.Resize;
import io.boostnet.image.contract.ImageContract;
import io.boostnet.training.data.DataSets.Layout;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What training, and {@code frames}, take for an image. */
class DataSetImageContractTest extends ImageContract {

  private static final Resize SIZE = Resize.stretch(32, 32);

  @TempDir private Path temp;

  @Override
  protected Verdict read(byte[] image) {
    Path file = temp.resolve("signs/stop/0001.jpg");
    LabelledImages images = dataSet(file, image);
    try {
      images.readPlanes(1, SIZE, new byte[SIZE.planesSize()], 0);
      return Verdict.read(images.encoded(1).flawed());
    } catch (BadInputException e) {
      assertThat(e).hasMessageContaining(file.toString());
      assertThatThrownBy(() -> images.encoded(1)).hasMessage(e.getMessage());
      return Verdict.refused(e.getMessage());
    }
  }

  private LabelledImages dataSet(Path file, byte[] image) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, image);
      Path other = temp.resolve("signs/go/0002.jpg");
      Files.createDirectories(other.getParent());
      Files.write(other, picture("00-ref-arrow.jpg"));
      return DataSets.open(temp.resolve("signs"), Layout.IMAGES, new SplitPlan(1, 0, 0)).train();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
