package io.boostnet.jobs.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A loop around ONNX Runtime's own API and nothing else, image by image: the outputs of a stage are
 * the next one's inputs as they are.
 */
final class BareLoop extends LoopContender {

  BareLoop(String name, Workload work) throws Exception {
    super(name, work);
  }

  @Override
  Loop open() throws Exception {
    List<OrtSession> sessions = WholeNetwork.load(work().bundle());
    return new Loop() {
      @Override
      public Classified.Sums run(long first, long count) throws Exception {
        Classified.Sums sums = new Classified.Sums();
        for (long i = first; i < first + count; i++) {
          sums.add(classify(sessions, image(i), label(i)));
        }
        return sums;
      }

      @Override
      public void close() throws OrtException {
        for (OrtSession session : sessions) {
          session.close();
        }
      }
    };
  }

  private Classified classify(List<OrtSession> sessions, ByteBuffer image, int label)
      throws OrtException {
    Thresholds thresholds = work().thresholds();
    List<Stage> stages = work().bundle().cascade().stages();
    TensorSpec pixels = stages.get(0).inputs().get(0);
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    OnnxTensor tensor =
        OnnxTensor.createTensor(
            OrtEnvironment.getEnvironment(),
            image.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer(),
            pixels.shape(1));
    inputs.put(pixels.name(), tensor);
    AutoCloseable owner = tensor;
    try {
      for (int exit = 1; ; exit++) {
        OrtSession.Result outputs = sessions.get(exit - 1).run(inputs);
        close(owner);
        owner = outputs;
        List<TensorSpec> specs = stages.get(exit - 1).outputs();
        OnnxTensor logits = (OnnxTensor) outputs.get(specs.get(specs.size() - 1).name()).get();
        Confidence confidence =
            Confidence.of(logits.getFloatBuffer(), 0, work().bundle().cascade().classes());
        if (thresholds.leaves(exit, confidence.value())) {
          return new Classified(
              confidence.label() == label,
              work().bundle().cascade().cost(CostUnit.TIME).atExit(exit));
        }
        inputs.clear();
        List<TensorSpec> next = stages.get(exit).inputs();
        for (int i = 0; i < next.size(); i++) {
          inputs.put(next.get(i).name(), (OnnxTensor) outputs.get(specs.get(i).name()).get());
        }
      }
    } finally {
      close(owner);
    }
  }

  private static void close(AutoCloseable native_) {
    try {
      native_.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
