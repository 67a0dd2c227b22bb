package io.boostnet.jobs.evaluate;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.codec.FrameSamples;
import io.boostnet.flink.codec.ImageFrameDecoder;
import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.options.Limits;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A cascade outside of Flink: the decoder and the stage runners of the stream, every frame through
 * every stage. What is recorded tells where each frame would leave at any thresholds.
 *
 * <p>Runs on the calling thread alone; {@link #close()} frees sessions and native memory.
 */
public final class OfflineCascade implements AutoCloseable {

  private final Cascade cascade;
  private final SampleDecoder<ImageFrame> decoder;
  private final Features image;
  private final List<StageRunner> runners = new ArrayList<>();
  private final List<MicroBatch> batches = new ArrayList<>();
  private final List<Frame> waiting = new ArrayList<>();
  private final Consumer<ExitRecord> results;
  private final List<String> rejections = new ArrayList<>();
  private boolean keepsLogits;

  /**
   * Opens the stages of a bundle.
   *
   * @param microBatch frames of a call, at least 1
   * @param results receives a record for every frame that could be classified, in their order
   * @throws IOException where a stage cannot be read
   * @throws InferenceException where a stage cannot be loaded on the device
   */
  OfflineCascade(ModelBundle bundle, Device device, int microBatch, Consumer<ExitRecord> results)
      throws IOException, InferenceException {
    this.cascade = bundle.cascade();
    this.results = results;
    this.image = Features.allocate(cascade.stages().get(0).inputs());
    this.decoder =
        new FrameSamples<>(new ImageFrameDecoder(), cascade.preprocessing(), Limits.DEFAULT);
    decoder.open();
    try {
      for (Stage stage : cascade.stages()) {
        StageRunner runner = bundle.stage(stage, device).open();
        runners.add(runner);
        batches.add(runner.allocate(microBatch));
      }
    } catch (IOException | InferenceException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Speed of the whole network on this machine.
   *
   * @param frames frames to try it on, at least 1, one of which can be classified
   * @return frames per second of one thread, if no frame left before the last exit
   */
  public static double framesPerSecond(ModelBundle bundle, Device device, List<ImageFrame> frames)
      throws IOException, InferenceException {
    try (OfflineCascade offline = new OfflineCascade(bundle, device, 1, result -> {})) {
      frames.forEach(offline::addUnchecked);
      long start = System.nanoTime();
      frames.forEach(offline::addUnchecked);
      return frames.size() / ((System.nanoTime() - start) / 1e9);
    }
  }

  /** What every exit says of labelled frames; those that cannot be decoded are left out. */
  public static Evidence evidence(ModelBundle bundle, Device device, List<ImageFrame> frames)
      throws IOException, InferenceException {
    Evidence.Builder evidence = Evidence.builder(bundle.cascade().exits());
    judge(bundle, device, frames, evidence);
    return evidence.build();
  }

  /**
   * Adds what every exit says of labelled frames to evidence.
   *
   * @param frames frames with labels; those that cannot be decoded are left out
   */
  public static void judge(
      ModelBundle bundle, Device device, List<ImageFrame> frames, Evidence.Builder evidence)
      throws IOException, InferenceException {
    try (OfflineCascade offline =
        new OfflineCascade(
            bundle,
            device,
            1,
            said -> evidence.add(said.trueLabel(), said.confidence(), said.label()))) {
      frames.forEach(offline::addUnchecked);
    }
  }

  /** The class that the last exit gives to each frame, all of which must be decodable. */
  public static int[] lastClasses(ModelBundle bundle, Device device, List<ImageFrame> frames)
      throws IOException, InferenceException {
    List<Integer> classes = new ArrayList<>();
    int last = bundle.cascade().exits() - 1;
    try (OfflineCascade offline =
        new OfflineCascade(bundle, device, 1, said -> classes.add(said.label()[last]))) {
      frames.forEach(offline::addUnchecked);
    }
    return classes.stream().mapToInt(Integer::intValue).toArray();
  }

  private void addUnchecked(ImageFrame frame) {
    try {
      add(frame);
    } catch (InferenceException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Has the records tell the logits too, which take more memory than all else in them. */
  void keepLogits() {
    keepsLogits = true;
  }

  /** Takes the next frame; its result follows when its micro-batch is full. */
  void add(ImageFrame frame) throws InferenceException {
    MicroBatch first = batches.get(0);
    try {
      waiting.add(decoder.decode(frame, image));
    } catch (RejectedFrameException e) {
      Rejection why = e.rejection();
      rejections.add(
          "%s of %s: %s, %s"
              .formatted(frame.getSequence(), frame.getSourceId(), why.reason(), why.detail()));
      return;
    }
    first.append(image);
    if (first.isFull()) {
      flush();
    }
  }

  /** Runs what has been gathered. */
  void flush() throws InferenceException {
    int rows = waiting.size();
    int exits = cascade.exits();
    float[][] confidence = new float[rows][exits];
    int[][] label = new int[rows][exits];
    float[][][] logits = new float[rows][keepsLogits ? exits : 0][cascade.classes()];
    for (int exit = 0; exit < exits && rows > 0; exit++) {
      MicroBatch batch = batches.get(exit);
      runners.get(exit).run(batch);
      for (int row = 0; row < rows; row++) {
        Confidence said = Confidence.of(batch.logits(), row, cascade.classes());
        confidence[row][exit] = said.value();
        label[row][exit] = said.label();
        if (keepsLogits) {
          batch.logits().get(row * cascade.classes(), logits[row][exit]);
        }
        if (exit + 1 < exits) {
          batches.get(exit + 1).append(batch.carried(row));
        }
      }
      batch.clear();
    }
    for (int row = 0; row < rows; row++) {
      Frame frame = waiting.get(row);
      results.accept(
          new ExitRecord(
              frame.sourceId(),
              frame.sequence(),
              frame.label(),
              confidence[row],
              label[row],
              keepsLogits ? logits[row] : null));
    }
    waiting.clear();
  }

  /** Frames that could not be decoded so far, each with why. */
  List<String> rejections() {
    return rejections;
  }

  /** Frames so far whose image has a flaw, see {@link FrameDecoder#flawed}. */
  long flawed() {
    return decoder.flawed();
  }

  @Override
  public void close() {
    batches.forEach(MicroBatch::close);
    runners.forEach(StageRunner::close);
    decoder.close();
  }
}
