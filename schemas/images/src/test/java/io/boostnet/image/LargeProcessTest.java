package io.boostnet.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/**
 * Where networks and state take more than four times the heap, JavaCPP, left to itself, gives
 * OpenCV no memory any more.
 */
class LargeProcessTest {

  private static final int MEGABYTES = 192;

  @Test
  void reader_inAProcessOfMoreThanFourHeaps_reads() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:MaxDirectMemorySize=" + 2 * MEGABYTES + "m",
                "-cp",
                System.getProperty("java.class.path"),
                LargeProcessTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).contains("read 8 x 8");
    assertThat(process.exitValue()).isZero();
  }

  /** What the test runs. */
  public static void main(String[] args) throws Exception {
    ByteBuffer held = ByteBuffer.allocateDirect(MEGABYTES << 20);
    for (int i = 0; i < held.capacity(); i += 4096) {
      held.put(i, (byte) 1);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", png);
    try (ImageReader reader = new ImageReader(Resize.stretch(8, 8), ImageLimits.DEFAULT)) {
      reader.read(png.toByteArray());
      System.out.println("read 8 x 8 beside " + held.capacity());
    }
  }
}
