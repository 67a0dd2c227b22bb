package io.boostnet.jobs.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.TensorSpec;
import io.boostnet.schema.ImageFrame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * What is usually written: one map function, which decodes with the JDK and runs the whole network
 * for one image, with sessions of its own in every subtask.
 */
final class NaiveRow extends FlinkRow {

  NaiveRow(Workload work) {
    super(work);
  }

  @Override
  public String name() {
    return "naive mapper: whole network, batch 1";
  }

  @Override
  DataStream<Boolean> classify(DataStream<ImageFrame> frames) {
    return frames.map(new WholeNetwork(work().location()));
  }

  private static final class WholeNetwork extends RichMapFunction<ImageFrame, Boolean> {

    private static final long serialVersionUID = 1;

    private final String location;
    private transient ModelBundle bundle;
    private transient List<OrtSession> sessions;

    WholeNetwork(String location) {
      this.location = location;
    }

    @Override
    public void open(OpenContext context) throws Exception {
      bundle = ModelBundle.read(location);
      sessions = new ArrayList<>();
      for (Stage stage : bundle.cascade().stages()) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
          options.setIntraOpNumThreads(1);
          sessions.add(
              OrtEnvironment.getEnvironment().createSession(bundle.modelBytes(stage), options));
        }
      }
    }

    @Override
    public Boolean map(ImageFrame frame) throws Exception {
      float[][] logits = null;
      Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
      List<AutoCloseable> open = new ArrayList<>();
      try {
        OnnxTensor image =
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), pixels(frame.getImage().array()));
        open.add(image);
        List<Stage> stages = bundle.cascade().stages();
        inputs.put(stages.get(0).inputs().get(0).name(), image);
        for (int i = 0; i < stages.size(); i++) {
          OrtSession.Result outputs = sessions.get(i).run(inputs);
          open.add(outputs);
          logits = (float[][]) outputs.get("logits").get().getValue();
          inputs.clear();
          if (i + 1 < stages.size()) {
            List<TensorSpec> next = stages.get(i + 1).inputs();
            for (int t = 0; t < next.size(); t++) {
              inputs.put(next.get(t).name(), (OnnxTensor) outputs.get(t));
            }
          }
        }
      } finally {
        for (AutoCloseable resource : open) {
          resource.close();
        }
      }
      return frame.getLabel() != null && frame.getLabel() == argmax(logits[0]);
    }

    private float[][][][] pixels(byte[] encoded) throws IOException {
      Preprocessing format = bundle.cascade().preprocessing();
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

    private static int argmax(float[] values) {
      int best = 0;
      for (int i = 1; i < values.length; i++) {
        best = values[i] > values[best] ? i : best;
      }
      return best;
    }

    @Override
    public void close() throws OrtException {
      for (OrtSession session : sessions) {
        session.close();
      }
    }
  }
}
