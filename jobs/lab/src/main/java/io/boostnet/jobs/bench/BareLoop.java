package io.boostnet.jobs.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.boostnet.flink.codec.FrameSamples;
import io.boostnet.flink.codec.ImageFrameDecoder;
import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.TensorSpec;
import io.boostnet.flink.options.Limits;
import io.boostnet.schema.ImageFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The limit: a loop around ONNX Runtime's own API and nothing else. Images are decoded before the
 * clock starts, the outputs of a stage are the next one's inputs as they are, and every thread runs
 * image after image through the same stages with the same exits.
 */
final class BareLoop implements Contender {

  private final String name;
  private final Workload work;
  private final List<ByteBuffer> images = new ArrayList<>();

  BareLoop(String name, Workload work) throws Exception {
    this.name = name;
    this.work = work;
    List<TensorSpec> input = work.bundle().cascade().stages().get(0).inputs();
    try (SampleDecoder<ImageFrame> decoder =
        new FrameSamples<>(
            new ImageFrameDecoder(), work.bundle().cascade().preprocessing(), Limits.DEFAULT)) {
      decoder.open();
      for (ImageFrame frame : work.frames()) {
        Features image = Features.allocate(input);
        decoder.decode(frame, image);
        images.add(image.tensors()[0]);
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Measurement run(long warmUp, long count) throws Exception {
    List<OrtSession> sessions = WholeNetwork.load(work.bundle());
    ExecutorService threads = Executors.newFixedThreadPool(work.threads());
    try {
      all(threads, n -> loop(sessions, warmUp, n));
      Usage start = Usage.now();
      Classified.Sums all = all(threads, n -> loop(sessions, count, n));
      return start.until(Usage.now(), all.images(), all.accuracy(), all.meanCost());
    } finally {
      threads.shutdownNow();
      for (OrtSession session : sessions) {
        session.close();
      }
    }
  }

  /** What one thread does. */
  private interface Share {
    Classified.Sums run(int thread) throws Exception;
  }

  private Classified.Sums all(ExecutorService threads, Share share) throws Exception {
    List<Future<Classified.Sums>> running = new ArrayList<>();
    for (int i = 0; i < work.threads(); i++) {
      int thread = i;
      running.add(threads.submit(() -> share.run(thread)));
    }
    Classified.Sums sums = new Classified.Sums();
    for (Future<Classified.Sums> future : running) {
      sums.add(future.get());
    }
    return sums;
  }

  /** Classifies this thread's share of the images. */
  private Classified.Sums loop(List<OrtSession> sessions, long count, int thread)
      throws OrtException {
    Classified.Sums sums = new Classified.Sums();
    long share = count / work.threads();
    for (long i = 0; i < share; i++) {
      int at = (int) ((i + thread * share) % images.size());
      sums.add(classify(sessions, images.get(at), work.frames().get(at).getLabel()));
    }
    return sums;
  }

  private Classified classify(List<OrtSession> sessions, ByteBuffer image, int label)
      throws OrtException {
    Thresholds thresholds = work.thresholds();
    List<Stage> stages = work.bundle().cascade().stages();
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
            Confidence.of(logits.getFloatBuffer(), 0, work.bundle().cascade().classes());
        if (thresholds.leaves(exit, confidence.value())) {
          return new Classified(
              confidence.label() == label,
              work.bundle().cascade().cost(CostUnit.TIME).atExit(exit));
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
