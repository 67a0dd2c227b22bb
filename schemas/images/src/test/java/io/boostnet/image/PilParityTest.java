package io.boostnet.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.schema.Interpolation;
import io.boostnet.schema.ResizeRule;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Against what PIL made of the same pictures; {@code pil/expected.py} makes both again. */
class PilParityTest {

  @Test
  void antialiasedResizing_isPilsWithinOneLevel_onEveryPixel()
      throws IOException, BadImageException {
    List<String> cases = new String(resource("expected.txt")).lines().toList();
    assertThat(cases).hasSize(38);
    try (InputStream expected =
        new GZIPInputStream(getClass().getResourceAsStream("/pil/expected.bin.gz"))) {
      for (String line : cases) {
        String[] words = line.split(" ");
        Resize resize =
            new Resize(
                Integer.parseInt(words[3]),
                Integer.parseInt(words[2]),
                words[4].equals("0") ? ResizeRule.STRETCH : ResizeRule.SHORT_SIDE_CROP,
                Integer.parseInt(words[4]),
                Interpolation.valueOf(words[1]));
        byte[] pil = expected.readNBytes(resize.planesSize());
        assertThat(mostLevelsApart(pil, read(words[0], resize))).as(line).isLessThanOrEqualTo(1);
      }
      assertThat(expected.read()).isEqualTo(-1);
    }
  }

  private static byte[] read(String source, Resize resize) throws IOException, BadImageException {
    try (ImageReader reader = new ImageReader(resize, ImageLimits.DEFAULT)) {
      reader.read(resource(source + ".png"));
      return reader.pixels();
    }
  }

  private static int mostLevelsApart(byte[] rgb, byte[] bgr) {
    int most = 0;
    for (int i = 0; i < rgb.length; i++) {
      most = Math.max(most, Math.abs((rgb[i] & 0xff) - (bgr[i - i % 3 + 2 - i % 3] & 0xff)));
    }
    return most;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = PilParityTest.class.getResourceAsStream("/pil/" + name)) {
      return in.readAllBytes();
    }
  }
}
