package io.boostnet.jobs.bench;

import io.boostnet.flink.model.Preprocessing;
import io.boostnet.schema.ImageFrame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * What is usually written: one map function, which decodes with the JDK and runs the whole network
 * for one image, with sessions of its own in every subtask.
 */
final class NaiveContender extends InMemoryContender {

  NaiveContender(Workload work) {
    super(work);
  }

  @Override
  public String name() {
    return "naive mapper, in memory: full network, batch 1";
  }

  @Override
  DataStream<Classified> classify(DataStream<ImageFrame> frames) {
    return frames.map(new Mapper(work().location()));
  }

  private static final class Mapper extends RichMapFunction<ImageFrame, Classified> {

    private static final long serialVersionUID = 1;

    private final String location;
    private transient WholeNetwork network;

    Mapper(String location) {
      this.location = location;
    }

    @Override
    public void open(OpenContext context) throws Exception {
      network = new WholeNetwork(location);
    }

    @Override
    public Classified map(ImageFrame frame) throws Exception {
      float[] logits = network.logits(pixels(frame.getImage().array()));
      return Classified.inFull(frame.getLabel() == WholeNetwork.argmax(logits));
    }

    private float[][][][] pixels(byte[] encoded) throws IOException {
      Preprocessing format = network.bundle().cascade().preprocessing();
      BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(encoded));
      BufferedImage image =
          new BufferedImage(format.width(), format.height(), BufferedImage.TYPE_INT_RGB);
      image.getGraphics().drawImage(decoded, 0, 0, format.width(), format.height(), null);
      float[][][][] pixels = new float[1][3][format.height()][format.width()];
      for (int y = 0; y < format.height(); y++) {
        for (int x = 0; x < format.width(); x++) {
          int rgb = image.getRGB(x, y);
          for (int c = 0; c < 3; c++) {
            double value = (rgb >> (16 - 8 * c) & 0xff) * format.scale();
            pixels[0][c][y][x] = (float) ((value - format.mean().get(c)) / format.std().get(c));
          }
        }
      }
      return pixels;
    }

    @Override
    public void close() throws Exception {
      network.close();
    }
  }
}
