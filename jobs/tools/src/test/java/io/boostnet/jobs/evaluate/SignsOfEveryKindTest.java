package io.boostnet.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.inference.Device;
import io.boostnet.image.contract.ImageContract;
import io.boostnet.jobs.Frames;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shipped signs network on two drawn signs, in every way that cameras write a picture. */
class SignsOfEveryKindTest {

  private static final ModelBundle SIGNS =
      ModelBundle.read(Path.of("demo/models/gtsrb-msdnet").toString());

  @Test
  void everyKindOfPicture_hasTheClassOfItsSign() throws Exception {
    assertThat(
            classes(
                "00-ref-noentry.jpg",
                "00-ref-noentry.png",
                "11-cmyk-adobe.jpg",
                "12-mjpeg-no-dht.jpg",
                "13-junk-between-segments.jpg",
                "20-palette-trns.png",
                "21-bad-crc-text.png"))
        .containsOnly("No entry");
    assertThat(classes("00-ref-arrow.jpg", "10-exif6-arrow.jpg")).containsOnly("Straight ahead");
  }

  private static Stream<String> classes(String... pictures) throws Exception {
    int[] classes =
        OfflineCascade.lastClasses(
            SIGNS,
            Device.CPU,
            Arrays.stream(pictures)
                .map(name -> Frames.frame("camera", 0, "image/jpg", ImageContract.picture(name)))
                .toList());
    assertThat(classes).hasSize(pictures.length);
    return Arrays.stream(classes).mapToObj(SIGNS.cascade().labels()::get);
  }
}
