package io.boostnet.jobs.sql;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.Quota;
import io.boostnet.flink.codec.FrameSamples;
import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.exit.TopClasses;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.options.Limits;
import io.boostnet.flink.options.MicroBatching;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A cascade within one thread, outside of Flink's operators: images in, at most a micro-batch at a
 * time, and for each what was said of it or why nothing can be. Thresholds and quotas are those of
 * its start; the quotas hold for the images that it is given. Runs on the calling thread alone;
 * {@link #close()} frees sessions and native memory.
 */
final class LocalCascade implements AutoCloseable {

  private final Cascade cascade;
  private final ControlState control;
  private final int topK;
  private final double[] cost;
  private final SampleDecoder<byte[]> decoder;
  private final Features image;
  private final List<StageRunner> runners = new ArrayList<>();
  private final List<MicroBatch> batches = new ArrayList<>();
  private final List<Quota> quotas = new ArrayList<>();
  private int capacity;

  /**
   * Opens the stages of a bundle.
   *
   * @param bundle the form that serves
   * @param unit what costs count in
   * @param control thresholds and quotas
   * @param batching images of a call, at most {@code most}
   * @param most images that there can be at a time, at least 1
   * @throws IOException where a stage cannot be read
   * @throws InferenceException where a stage cannot be loaded on the device
   */
  LocalCascade(
      ModelBundle bundle,
      CostUnit unit,
      Device device,
      ControlState control,
      int topK,
      MicroBatching batching,
      int most)
      throws IOException, InferenceException {
    this.cascade = bundle.cascade();
    this.control = control;
    this.topK = topK;
    this.cost = cascade.cost(unit).toArray();
    this.image = Features.allocate(cascade.stages().get(0).inputs());
    this.decoder = new FrameSamples<>(new Bytes(), cascade.preprocessing(), Limits.DEFAULT);
    decoder.open();
    try {
      for (Stage stage : cascade.stages()) {
        StageRunner runner = bundle.stage(stage, device).open();
        runners.add(runner);
        if (stage.index() == 1) {
          capacity = capacity(runner, batching, most);
        }
        batches.add(runner.allocate(capacity));
        if (stage.index() < cascade.exits()) {
          quotas.add(new Quota(control.quotas(), stage.index()));
        }
      }
    } catch (IOException | InferenceException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static int capacity(StageRunner first, MicroBatching batching, int most)
      throws InferenceException {
    int size =
        batching.isAuto()
            ? first
                .serviceCurve(batching.linger(), MicroBatching.MAX_SIZE)
                .bestWithin(batching.linger())
            : batching.size();
    return Math.max(1, Math.min(size, most));
  }

  /** Most images of a call. */
  int capacity() {
    return capacity;
  }

  /**
   * Classifies images.
   *
   * @param images encoded images, at most as many as the capacity; null for none
   * @return one for each, in their order
   */
  LocalPrediction[] predict(List<byte[]> images) {
    LocalPrediction[] said = new LocalPrediction[images.size()];
    int[] waiting = new int[images.size()];
    int rows = 0;
    MicroBatch first = batches.get(0);
    first.clear();
    for (int i = 0; i < said.length; i++) {
      try {
        decoder.decode(images.get(i), image);
        first.append(image);
        waiting[rows++] = i;
      } catch (RejectedFrameException e) {
        Rejection why = e.rejection();
        said[i] = LocalPrediction.failed(why.reason() + ": " + why.detail());
      }
    }
    for (int exit = 1; exit <= cascade.exits() && rows > 0; exit++) {
      rows = run(exit, waiting, rows, said);
    }
    return said;
  }

  /** Runs one stage; returns how many go on, whose places are then the first in the array. */
  private int run(int exit, int[] waiting, int rows, LocalPrediction[] said) {
    MicroBatch batch = batches.get(exit - 1);
    try {
      runners.get(exit - 1).run(batch);
    } catch (InferenceException e) {
      return runEach(exit, waiting, rows, said);
    }
    int left = 0;
    clearAfter(exit);
    for (int row = 0; row < rows; row++) {
      if (goesOn(exit, batch, row, waiting[row], said)) {
        waiting[left++] = waiting[row];
      }
    }
    return left;
  }

  /** One row that makes the call fail must not take the others with it. */
  private int runEach(int exit, int[] waiting, int rows, LocalPrediction[] said) {
    int left = 0;
    clearAfter(exit);
    try (MicroBatch single = runners.get(exit - 1).allocate(1)) {
      for (int row = 0; row < rows; row++) {
        single.clear();
        single.appendRowOf(batches.get(exit - 1), row);
        try {
          runners.get(exit - 1).run(single);
        } catch (InferenceException e) {
          said[waiting[row]] = failed(e.getMessage());
          continue;
        }
        if (goesOn(exit, single, 0, waiting[row], said)) {
          waiting[left++] = waiting[row];
        }
      }
    }
    return left;
  }

  private void clearAfter(int exit) {
    if (exit < cascade.exits()) {
      batches.get(exit).clear();
    }
  }

  private boolean goesOn(int exit, MicroBatch batch, int row, int place, LocalPrediction[] said) {
    Confidence confidence = Confidence.of(batch.logits(), row, cascade.classes());
    if (!confidence.isFinite()) {
      said[place] = failed("the logits of stage-" + exit + " are not finite");
      return false;
    }
    double threshold = control.thresholds().at(exit);
    if (exit < cascade.exits() && quotas.get(exit - 1).continues(confidence.value(), threshold)) {
      batches.get(exit).append(batch.carried(row));
      return true;
    }
    said[place] =
        new LocalPrediction(
            confidence,
            exit,
            cost[exit - 1],
            confidence.value() < threshold,
            topK == 1 ? List.of() : TopClasses.of(batch.logits(), row, cascade.classes(), topK),
            null);
    return false;
  }

  private static LocalPrediction failed(String detail) {
    return LocalPrediction.failed(Rejection.Reason.INFERENCE_FAILED + ": " + detail);
  }

  @Override
  public void close() {
    batches.forEach(MicroBatch::close);
    runners.forEach(StageRunner::close);
    decoder.close();
  }

  /** An image that comes without anything else. */
  private static final class Bytes implements FrameDecoder<byte[]> {
    private static final long serialVersionUID = 1;
    private static final byte[] NOTHING = {};

    @Override
    public EncodedFrame decode(byte[] image) throws RejectedFrameException {
      Frame frame =
          new Frame("", 0, 0, Frame.UNLABELLED, Origin.elsewhere(image == null ? NOTHING : image));
      if (image == null) {
        throw new RejectedFrameException(
            new Rejection(
                frame, Rejection.Reason.UNREADABLE_RECORD, Rejection.READ, "the image is NULL"));
      }
      return EncodedFrame.of(frame, "", image);
    }
  }
}
