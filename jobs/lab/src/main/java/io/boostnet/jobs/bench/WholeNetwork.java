package io.boostnet.jobs.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All stages of a bundle in sessions of its own, run one after the other for one image, as a user
 * of ONNX Runtime would write it at first. Not thread-safe; close it.
 */
final class WholeNetwork implements AutoCloseable {

  private final ModelBundle bundle;
  private final List<OrtSession> sessions;

  WholeNetwork(String location) throws OrtException {
    bundle = ModelBundle.read(location);
    sessions = load(bundle);
  }

  static List<OrtSession> load(ModelBundle bundle) throws OrtException {
    List<OrtSession> sessions = new ArrayList<>();
    for (Stage stage : bundle.cascade().stages()) {
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        sessions.add(
            OrtEnvironment.getEnvironment().createSession(bundle.modelBytes(stage), options));
      }
    }
    return sessions;
  }

  ModelBundle bundle() {
    return bundle;
  }

  /** The logits of the last exit for one image, [1][channel][row][column]. */
  float[] logits(float[][][][] image) throws Exception {
    List<AutoCloseable> open = new ArrayList<>();
    try {
      OnnxTensor pixels = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), image);
      open.add(pixels);
      List<Stage> stages = bundle.cascade().stages();
      Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
      inputs.put(stages.get(0).inputs().get(0).name(), pixels);
      float[][] logits = null;
      for (int i = 0; i < stages.size(); i++) {
        OrtSession.Result outputs = sessions.get(i).run(inputs);
        open.add(outputs);
        logits = (float[][]) outputs.get(stages.get(i).logits().name()).orElseThrow().getValue();
        inputs.clear();
        if (i + 1 < stages.size()) {
          List<TensorSpec> next = stages.get(i + 1).inputs();
          for (int t = 0; t < next.size(); t++) {
            inputs.put(next.get(t).name(), (OnnxTensor) outputs.get(t));
          }
        }
      }
      return logits[0];
    } finally {
      for (AutoCloseable resource : open) {
        resource.close();
      }
    }
  }

  static int argmax(float[] values) {
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
