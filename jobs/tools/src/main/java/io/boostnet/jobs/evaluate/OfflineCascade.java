package io.boostnet.jobs.evaluate;

import io.boostnet.flink.LocalCascade;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.codec.ImageFrameDecoder;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Every frame through every stage of a {@link LocalCascade}. What is recorded tells where each
 * frame would leave at any thresholds. A frame that the stream would reject is left out and told.
 * Where only frames that cannot be decoded may be left out, since the rest is taken for the whole,
 * a network that fails for one is an {@link InferenceException}.
 *
 * <p>Runs on the calling thread alone; {@link #close()} frees sessions and native memory.
 */
public final class OfflineCascade implements AutoCloseable {

  private final LocalCascade<ImageFrame> cascade;
  private final int exits;
  private final int classes;
  private final List<ImageFrame> waiting = new ArrayList<>();
  private final Consumer<ExitRecord> results;
  private final List<String> rejections = new ArrayList<>();
  private String failed; // the first frame that the network failed for, with why; null for none
  private boolean keepsLogits;

  /**
   * Opens the stages of a bundle.
   *
   * @param microBatch frames of a call, 1 .. {@value MicroBatching#MAX_SIZE}
   * @param results receives a record for every frame that could be classified, in their order
   * @throws IOException where a stage cannot be read
   * @throws InferenceException where a stage cannot be loaded on the device
   */
  OfflineCascade(ModelBundle bundle, Device device, int microBatch, Consumer<ExitRecord> results)
      throws IOException, InferenceException {
    this.exits = bundle.cascade().exits();
    this.classes = bundle.cascade().classes();
    this.results = results;
    this.cascade =
        new LocalCascade<>(
            bundle,
            device,
            new ImageFrameDecoder(),
            MicroBatching.of(microBatch),
            MicroBatching.MAX_SIZE);
  }

  /**
   * Speed of the whole network on this machine.
   *
   * @param frames frames to try it on, at least 1, one of which can be classified
   * @return frames per second of one thread, if no frame left before the last exit
   * @throws InferenceException where the network fails for a frame
   */
  public static double framesPerSecond(ModelBundle bundle, Device device, List<ImageFrame> frames)
      throws IOException, InferenceException {
    try (OfflineCascade offline = new OfflineCascade(bundle, device, 1, result -> {})) {
      offline.judge(frames);
      long start = System.nanoTime();
      offline.judge(frames);
      return frames.size() / ((System.nanoTime() - start) / 1e9);
    }
  }

  /**
   * What every exit says of labelled frames; those that cannot be decoded are left out.
   *
   * @throws InferenceException where the network fails for a frame
   */
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
   * @throws InferenceException where the network fails for a frame
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
      offline.judge(frames);
    }
  }

  /**
   * What every exit says of frames, with logits; those that cannot be decoded are left out.
   *
   * @throws InferenceException where the network fails for a frame
   */
  public static List<ExitRecord> records(
      ModelBundle bundle, Device device, int microBatch, List<ImageFrame> frames)
      throws IOException, InferenceException {
    List<ExitRecord> records = new ArrayList<>();
    try (OfflineCascade offline = new OfflineCascade(bundle, device, microBatch, records::add)) {
      offline.keepLogits();
      offline.judge(frames);
    }
    return records;
  }

  /**
   * The class that the last exit gives to each frame.
   *
   * @throws IllegalArgumentException where a frame cannot be decoded
   * @throws InferenceException where the network fails for a frame
   */
  public static int[] lastClasses(ModelBundle bundle, Device device, List<ImageFrame> frames)
      throws IOException, InferenceException {
    List<Integer> classes = new ArrayList<>();
    int last = bundle.cascade().exits() - 1;
    try (OfflineCascade offline =
        new OfflineCascade(bundle, device, 1, said -> classes.add(said.label()[last]))) {
      offline.judge(frames);
      if (!offline.rejections().isEmpty()) {
        throw new IllegalArgumentException("frame " + offline.rejections().get(0));
      }
    }
    return classes.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Has the records tell the logits too, which take more memory than all else in them. */
  void keepLogits() {
    keepsLogits = true;
  }

  private void judge(List<ImageFrame> frames) throws InferenceException {
    for (ImageFrame frame : frames) {
      add(frame);
    }
    flush();
    if (failed != null) {
      throw new InferenceException("frame " + failed);
    }
  }

  /**
   * Takes the next frame; its result follows when its micro-batch is full.
   *
   * @throws InferenceException as {@link LocalCascade#classify}
   */
  void add(ImageFrame frame) throws InferenceException {
    waiting.add(frame);
    if (waiting.size() == cascade.capacity()) {
      flush();
    }
  }

  /**
   * Runs what has been gathered.
   *
   * @throws InferenceException as {@link LocalCascade#classify}
   */
  void flush() throws InferenceException {
    Records records = new Records(waiting.size());
    cascade.classify(waiting, records);
    waiting.clear();
    records.emit();
  }

  /** What is said of the frames of a call. */
  private final class Records implements LocalCascade.Judge {
    private final Frame[] frames;
    private final float[][] confidence;
    private final int[][] label;
    private final float[][][] logits;

    Records(int size) {
      frames = new Frame[size];
      confidence = new float[size][exits];
      label = new int[size][exits];
      logits = new float[size][keepsLogits ? exits : 0][classes];
    }

    @Override
    public boolean goesOn(LocalCascade.Said said) {
      int exit = said.exit() - 1;
      frames[said.index()] = said.frame();
      confidence[said.index()][exit] = said.confidence().value();
      label[said.index()][exit] = said.confidence().label();
      if (keepsLogits) {
        said.logits().get(said.row() * classes, logits[said.index()][exit]);
      }
      return true;
    }

    @Override
    public void rejected(int index, Rejection why) {
      frames[index] = null;
      String frame =
          "%s of %s: %s, %s"
              .formatted(
                  waiting.get(index).getSequence(),
                  waiting.get(index).getSourceId(),
                  why.reason(),
                  why.detail());
      rejections.add(frame);
      if (failed == null && why.reason() == Rejection.Reason.INFERENCE_FAILED) {
        failed = frame;
      }
    }

    void emit() {
      for (int i = 0; i < frames.length; i++) {
        if (frames[i] != null) {
          results.accept(
              new ExitRecord(
                  frames[i].sourceId(),
                  frames[i].sequence(),
                  frames[i].label(),
                  confidence[i],
                  label[i],
                  keepsLogits ? logits[i] : null));
        }
      }
    }
  }

  /** Frames that could not be classified so far, each with why. */
  List<String> rejections() {
    return rejections;
  }

  /** Frames so far whose image has a flaw, see {@link LocalCascade#flawed}. */
  long flawed() {
    return cascade.flawed();
  }

  @Override
  public void close() {
    cascade.close();
  }
}
