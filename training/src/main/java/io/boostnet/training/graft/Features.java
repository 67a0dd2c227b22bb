package io.boostnet.training.graft;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.LabelledImages;
import io.boostnet.training.graph.Reduction;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * What the frozen network makes of the images of a split: the features that each head reads.
 * Computed once. Owns its stores: close it.
 *
 * @param stores one per cut
 * @param labels class of each image
 */
record Features(List<FeatureStore> stores, int[] labels) implements AutoCloseable {

  private static final int BATCH = 64;

  /**
   * Runs all images through the network.
   *
   * @param model the network with the reductions as outputs
   * @param folder where the features are kept
   * @param progress told the number of images done
   */
  static Features compute(
      ModelProto model,
      List<Reduction> reductions,
      LabelledImages images,
      InputFormat format,
      Path folder,
      int threads,
      IntConsumer progress)
      throws IOException {
    int[] labels = new int[images.size()];
    List<FeatureStore> stores = new ArrayList<>();
    for (int k = 0; k < reductions.size(); k++) {
      Path file = folder.resolve(images.name() + "-" + (k + 1));
      stores.add(new FeatureStore(file, Math.toIntExact(reductions.get(k).shape().size())));
    }
    Features features = new Features(stores, labels);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Set<String> outputs = new LinkedHashSet<>();
    reductions.forEach(reduction -> outputs.add(reduction.value()));
    String input = model.getGraph().getInput(0).getName();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      try (OrtSession session = environment.createSession(model.toByteArray(), options)) {
        byte[] planes = new byte[format.size()];
        for (int start = 0; start < images.size(); start += BATCH) {
          int batch = Math.min(BATCH, images.size() - start);
          float[] pixels = new float[batch * format.size()];
          for (int i = 0; i < batch; i++) {
            labels[start + i] = images.label(start + i);
            images.readPlanes(start + i, format.resize(), planes, 0);
            format.normalise(planes, 0, pixels, i * format.size());
          }
          long[] shape = {batch, 3, format.resize().height(), format.resize().width()};
          try (OnnxTensor tensor =
                  OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
              OrtSession.Result result = session.run(Map.of(input, tensor), outputs)) {
            for (int k = 0; k < stores.size(); k++) {
              OnnxTensor rows = (OnnxTensor) result.get(reductions.get(k).value()).orElseThrow();
              stores.get(k).append(rows.getFloatBuffer());
            }
          }
          progress.accept(start + batch);
        }
      }
    } catch (OrtException e) {
      features.close();
      throw new IllegalStateException("computing the features failed", e);
    }
    for (FeatureStore store : stores) {
      store.seal();
    }
    return features;
  }

  /** Number of images. */
  int images() {
    return labels.length;
  }

  @Override
  public void close() throws IOException {
    for (FeatureStore store : stores) {
      store.close();
    }
  }
}
