package io.boostnet.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;

class PngFileTest {

  @TempDir Path directory;

  @Test
  void write_missingDirectories_makesThemAndTheFile() throws Exception {
    XYChart chart = new XYChart(300, 200);
    chart.addSeries("line", new double[] {0, 1});
    Path file = directory.resolve("a/b/plot.png");

    PngFile.write(file, List.of(chart, chart));

    assertThat(ImageIO.read(file.toFile()).getHeight()).isEqualTo(400);
  }
}
