package io.boostnet.flink;

import io.boostnet.flink.codec.BundleReader;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.GoldenCheck;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.StageRunnerFactory;
import io.boostnet.flink.inference.onnx.SharedSessions;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.Stage;
import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.StageManifest;
import io.boostnet.schema.StageVariant;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which form of a bundle's stages serves in this process: with {@link Precision#AUTO} the faster
 * one on the device, of those whose golden rows hold there. Thread-safe.
 *
 * <p>Found once per bundle and device and remembered for as long as the class is loaded: what one
 * stage hands on the next one must take, and neither knows of the other when it opens.
 */
final class ServedForm {

  private static final Logger LOG = LoggerFactory.getLogger(ServedForm.class);

  /** The whole of a curve is measured when the stages open; these sizes tell the forms apart. */
  private static final int LARGEST_SIZE = 8;

  private static final Duration LONGEST_CALL = Duration.ofMillis(20);

  private ServedForm() {}

  /** A bundle by what it holds, since another may take its place. */
  private record Key(List<StageManifest> stages, List<StageVariant> variants, Device device) {}

  /**
   * Resolves what was asked for.
   *
   * @return {@link Precision#FP32} or {@link Precision#INT8}
   * @throws IOException where a model cannot be read
   * @throws InferenceException where a stage in floats cannot be loaded on the device
   */
  static Precision of(StoredBundle bundle, Precision wanted, Device device)
      throws IOException, InferenceException {
    if (wanted != Precision.AUTO) {
      return wanted;
    }
    ModelManifest manifest = new BundleReader(bundle).manifest();
    if (device.kind() == Device.Kind.CUDA || !BundleReader.has(manifest, Precision.INT8)) {
      return Precision.FP32;
    }
    Key key = new Key(manifest.getStages(), manifest.getVariants(), device);
    return SharedSessions.form(key, () -> find(bundle, device));
  }

  private static Precision find(StoredBundle bundle, Device device)
      throws IOException, InferenceException {
    double bytes;
    try {
      bytes = nanosPerImage(bundle, Precision.INT8, device);
    } catch (InferenceException e) {
      LOG.warn("{}: serving fp32, since int8 cannot be used: {}", bundle, e.getMessage());
      return Precision.FP32;
    }
    double floats = nanosPerImage(bundle, Precision.FP32, device);
    Precision faster = bytes < floats ? Precision.INT8 : Precision.FP32;
    LOG.info(
        "{}: serving {}; the whole network takes {} ms an image in int8 and {} ms in fp32",
        bundle,
        faster,
        "%.3f".formatted(bytes / 1e6),
        "%.3f".formatted(floats / 1e6));
    return faster;
  }

  /** Time of the whole network per image, well batched, after its golden rows were found right. */
  private static double nanosPerImage(StoredBundle bundle, Precision precision, Device device)
      throws IOException, InferenceException {
    List<StageRunner> open = new ArrayList<>();
    try {
      double nanos = 0;
      for (Stage stage : new BundleReader(bundle, precision).cascade().stages()) {
        StageRunnerFactory factory = new BundleStage(bundle, precision, stage, device);
        StageRunner runner = factory.open();
        open.add(runner);
        try (GoldenCheck check = factory.goldenCheck();
            MicroBatch batch = runner.allocate(LARGEST_SIZE)) {
          check.require(runner, batch);
        }
        nanos += runner.serviceCurve(LONGEST_CALL, LARGEST_SIZE).leastNanosPerImage();
      }
      return nanos;
    } finally {
      open.forEach(StageRunner::close);
    }
  }
}
