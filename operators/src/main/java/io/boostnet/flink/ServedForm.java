package io.boostnet.flink;

import io.boostnet.flink.codec.BundleReader;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.GoldenCheck;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.onnx.SharedSessions;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.StageTimes;
import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.StageManifest;
import io.boostnet.schema.StageVariant;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** Rows of a call, as in the times of bundles. */
  private static final int MICRO_BATCH = 8;

  /** Calls of each stage, all stages in turn: code that is new to the JVM is slow at first. */
  private static final int ROUNDS = 20;

  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** Difference of a cost in time that is worth a word: micro-batches of 1 to 16 make 0.033. */
  private static final double WORTH_TELLING = 0.05;

  private ServedForm() {}

  /** A bundle by what it holds, since another may take its place. */
  private record Key(
      List<StageManifest> stages, List<StageVariant> variants, Precision wanted, Device device) {}

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
    return hasChoice(manifest, wanted, device)
        ? SharedSessions.form(key(manifest, wanted, device), () -> find(bundle, device))
        : Precision.FP32;
  }

  /**
   * Warns once where this machine takes other shares of time in the stages than the bundle states.
   *
   * @throws IOException where a model cannot be read
   * @throws InferenceException where a stage cannot be loaded on the device
   */
  static void compareTimes(StoredBundle bundle, Precision wanted, Device device)
      throws IOException, InferenceException {
    ModelManifest manifest = new BundleReader(bundle).manifest();
    Precision form = of(bundle, wanted, device);
    boolean timed = new BundleReader(bundle, form).cascade().times().isMeasured();
    if (timed && !hasChoice(manifest, wanted, device)) { // else compared when the choice was made
      SharedSessions.form(
          key(manifest, form, device),
          () -> {
            try {
              compare(bundle, form, measure(bundle, form, device));
            } catch (IOException | InferenceException e) { // it serves all the same
              LOG.warn("{}: its times were not compared: {}", bundle.location(), e.getMessage());
            }
            return form;
          });
    }
  }

  private static boolean hasChoice(ModelManifest manifest, Precision wanted, Device device) {
    return wanted == Precision.AUTO
        && device.kind() != Device.Kind.CUDA
        && BundleReader.has(manifest, Precision.INT8);
  }

  private static Key key(ModelManifest manifest, Precision wanted, Device device) {
    return new Key(manifest.getStages(), manifest.getVariants(), wanted, device);
  }

  private static Precision find(StoredBundle bundle, Device device)
      throws IOException, InferenceException {
    StageTimes bytes;
    try {
      bytes = measure(bundle, Precision.INT8, device);
    } catch (InferenceException e) {
      LOG.warn(
          "{}: serving fp32, since int8 cannot be used: {}", bundle.location(), e.getMessage());
      return Precision.FP32;
    }
    StageTimes floats = measure(bundle, Precision.FP32, device);
    Precision faster = bytes.total() < floats.total() ? Precision.INT8 : Precision.FP32;
    LOG.info(
        "{}: serving {}; the whole network takes {} ms an image in int8 and {} ms in fp32",
        bundle.location(),
        faster,
        "%.3f".formatted(bytes.total() / 1e6),
        "%.3f".formatted(floats.total() / 1e6));
    compare(bundle, faster, faster == Precision.INT8 ? bytes : floats);
    return faster;
  }

  /** Says it where a budget in time does not count in what the stages take here. */
  private static void compare(StoredBundle bundle, Precision form, StageTimes here) {
    StageTimes stated = new BundleReader(bundle, form).cascade().times();
    if (!stated.isMeasured()) {
      return;
    }
    int exit = stated.mostDifferent(here);
    double measured = here.cost().atExit(exit);
    double known = stated.cost().atExit(exit);
    if (Math.abs(measured - known) > WORTH_TELLING) {
      LOG.warn(
          "{}: exit {} costs {} of the full network's time here ({}), and {} by the bundle's times (of {}), which budgets count in unless the cost is macs; measure them with ./boostnet time on a copy of the bundle, or set the cost to macs",
          bundle.location(),
          exit,
          "%.2f".formatted(measured),
          form,
          "%.2f".formatted(known),
          stated.machine());
    }
  }

  /** Times of all stages per image, well batched, after the golden rows were found right. */
  private static StageTimes measure(StoredBundle bundle, Precision precision, Device device)
      throws IOException, InferenceException {
    List<StageRunner> open = new ArrayList<>();
    List<MicroBatch> batches = new ArrayList<>();
    try {
      for (Stage stage : new BundleReader(bundle, precision).cascade().stages()) {
        BundleStage factory = new BundleStage(bundle, precision, stage, device);
        StageRunner runner = factory.openUncompared();
        open.add(runner);
        MicroBatch batch = runner.allocate(MICRO_BATCH);
        batches.add(batch);
        try (GoldenCheck check = factory.goldenCheck()) {
          check.require(runner, batch);
        }
        Features zeros = Features.allocate(stage.inputs());
        while (!batch.isFull()) {
          batch.append(zeros);
        }
      }
      return new StageTimes("here", MICRO_BATCH, shortestCalls(open, batches));
    } finally {
      batches.forEach(MicroBatch::close);
      open.forEach(StageRunner::close);
    }
  }

  /** The shortest call of each stage, in nanoseconds per image. */
  private static List<Double> shortestCalls(List<StageRunner> stages, List<MicroBatch> batches)
      throws InferenceException {
    double[] shortest = new double[stages.size()];
    Arrays.fill(shortest, Double.POSITIVE_INFINITY);
    long start = System.nanoTime();
    for (int round = 0;
        round == 0 || round < ROUNDS && System.nanoTime() - start < LONGEST.toNanos();
        round++) {
      for (int i = 0; i < shortest.length; i++) {
        long begin = System.nanoTime();
        stages.get(i).run(batches.get(i));
        shortest[i] = Math.min(shortest[i], (System.nanoTime() - begin) / (double) MICRO_BATCH);
      }
    }
    return Arrays.stream(shortest).boxed().toList();
  }
}
