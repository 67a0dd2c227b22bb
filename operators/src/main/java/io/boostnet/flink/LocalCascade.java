package io.boostnet.flink;

import io.boostnet.flink.codec.FrameSamples;
import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.FailuresInARow;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.StageRunnerFactory;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.options.Limits;
import io.boostnet.flink.options.MicroBatching;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * A cascade within one thread, outside of Flink's operators: a micro-batch of records goes through
 * the stages, and what each exit says is told to a {@link Judge}, which decides who goes on.
 *
 * <p>Decoder, networks and the finding of bad rows are those of the stream: a row for which a call
 * fails is run again by itself, and one that fails again, or whose logits are not finite, is
 * rejected as the stream rejects it. After too many {@link FailuresInARow} of a stage the call
 * ends, as the stream does.
 *
 * <p>Runs on the calling thread alone; {@link #close()} frees sessions and native memory.
 *
 * @param <I> type of the records
 */
@Internal
public final class LocalCascade<I> implements AutoCloseable {

  /**
   * What an exit says of a record.
   *
   * @param index the record's place among those of the call
   * @param frame what identifies it
   * @param exit the exit, 1 .. K
   * @param confidence class and confidence there
   * @param logits ensemble logits of the micro-batch, row after row; overwritten by the next call
   * @param row the record's row in them
   */
  public record Said(
      int index, Frame frame, int exit, Confidence confidence, FloatBuffer logits, int row) {}

  /** Hears of every record of a call: of each exit that it reaches, or why it is rejected. */
  public interface Judge {

    /** Whether a record goes on to the next stage; not looked at where there is none. */
    boolean goesOn(Said said);

    /**
     * A record that cannot be classified.
     *
     * @param index its place among those of the call
     */
    void rejected(int index, Rejection why);
  }

  private final Cascade cascade;
  private final SampleDecoder<I> decoder;
  private final Features image;
  private final List<StageRunner> runners = new ArrayList<>();
  private final List<MicroBatch> batches = new ArrayList<>();
  private final List<FailuresInARow> failures = new ArrayList<>();
  private Frame[] frames;
  private int[] indices; // of the records that the rows of the running stage are of

  /**
   * Opens the stages of a bundle.
   *
   * @param bundle the form that serves
   * @param device where the stages run
   * @param format from a record to its encoded image
   * @param batching records of a call; {@code auto} for the size at which the first stage serves
   *     best within the linger
   * @param most records that there can be at a time, at least 1
   * @throws IOException where a stage cannot be read
   * @throws InferenceException where a stage cannot be loaded on the device
   */
  public LocalCascade(
      ModelBundle bundle, Device device, FrameDecoder<I> format, MicroBatching batching, int most)
      throws IOException, InferenceException {
    this(
        bundle.cascade(),
        bundle.cascade().stages().stream().map(stage -> bundle.stage(stage, device)).toList(),
        new FrameSamples<>(format, bundle.cascade().preprocessing(), Limits.DEFAULT),
        batching,
        most);
  }

  LocalCascade(
      Cascade cascade,
      List<StageRunnerFactory> stages,
      SampleDecoder<I> decoder,
      MicroBatching batching,
      int most)
      throws IOException, InferenceException {
    this.cascade = cascade;
    this.decoder = decoder;
    this.image = Features.allocate(cascade.stages().get(0).inputs());
    decoder.open();
    try {
      for (StageRunnerFactory stage : stages) {
        StageRunner runner = stage.open();
        runners.add(runner);
        int capacity = batches.isEmpty() ? size(runner, batching, most) : capacity();
        batches.add(runner.allocate(capacity));
        failures.add(new FailuresInARow());
      }
    } catch (IOException | InferenceException | RuntimeException e) {
      close();
      throw e;
    }
    this.frames = new Frame[capacity()];
    this.indices = new int[capacity()];
  }

  private static int size(StageRunner first, MicroBatching batching, int most)
      throws InferenceException {
    int size =
        batching.isAuto()
            ? first
                .serviceCurve(batching.linger(), MicroBatching.MAX_SIZE)
                .bestWithin(batching.linger())
            : batching.size();
    return Math.max(1, Math.min(size, most));
  }

  /** Most records of a call. */
  public int capacity() {
    return batches.get(0).capacity();
  }

  /**
   * Frames so far whose image was read although it breaks its format's rules, where no pixel
   * depends on it.
   */
  public long flawed() {
    return decoder.flawed();
  }

  /**
   * Classifies records. An exception of the judge or the decoder ends the call; the next one begins
   * anew.
   *
   * @param records at most as many as the capacity
   * @param judge is told of the records in their order, exit after exit
   * @throws InferenceException where the network fails for record after record; it is not they that
   *     are bad
   */
  public void classify(List<? extends I> records, Judge judge) throws InferenceException {
    int rows = decode(records, judge);
    for (int exit = 1; exit <= cascade.exits() && rows > 0; exit++) {
      rows = run(exit, rows, judge);
    }
  }

  private int decode(List<? extends I> records, Judge judge) {
    MicroBatch first = batches.get(0);
    first.clear();
    int rows = 0;
    for (int i = 0; i < records.size(); i++) {
      try {
        frames[i] = decoder.decode(records.get(i), image);
        first.append(image);
        indices[rows++] = i;
      } catch (RejectedFrameException e) {
        judge.rejected(i, e.rejection());
      }
    }
    return rows;
  }

  /** Runs one stage; returns how many go on, whose indices are then the first ones. */
  private int run(int exit, int rows, Judge judge) throws InferenceException {
    StageRunner runner = runners.get(exit - 1);
    MicroBatch batch = batches.get(exit - 1);
    if (exit < cascade.exits()) {
      batches.get(exit).clear();
    }
    try {
      runner.run(batch);
    } catch (InferenceException e) {
      return runEach(exit, rows, judge);
    }
    int left = 0;
    for (int row = 0; row < rows; row++) {
      int index = indices[row];
      if (goesOn(exit, batch, row, index, judge)) {
        indices[left++] = index;
      }
    }
    return left;
  }

  /** One row that makes the call fail must not take the others with it. */
  private int runEach(int exit, int rows, Judge judge) throws InferenceException {
    int left = 0;
    StageRunner runner = runners.get(exit - 1);
    try (MicroBatch single = runner.allocate(1)) {
      for (int row = 0; row < rows; row++) {
        int index = indices[row];
        single.clear();
        single.appendRowOf(batches.get(exit - 1), row);
        try {
          runner.run(single);
        } catch (InferenceException e) {
          reject(exit, index, e.getMessage(), judge);
          continue;
        }
        if (goesOn(exit, single, 0, index, judge)) {
          indices[left++] = index;
        }
      }
    }
    return left;
  }

  private boolean goesOn(int exit, MicroBatch batch, int row, int index, Judge judge)
      throws InferenceException {
    Confidence confidence = Confidence.of(batch.logits(), row, cascade.classes());
    if (!confidence.isFinite()) {
      reject(exit, index, "the logits of " + stage(exit).label() + " are not finite", judge);
      return false;
    }
    failures.get(exit - 1).succeeded();
    Said said = new Said(index, frames[index], exit, confidence, batch.logits(), row);
    if (!judge.goesOn(said) || exit == cascade.exits()) {
      return false;
    }
    batches.get(exit).append(batch.carried(row));
    return true;
  }

  private void reject(int exit, int index, String detail, Judge judge) throws InferenceException {
    failures.get(exit - 1).failed(stage(exit).label(), detail);
    judge.rejected(
        index,
        new Rejection(
            frames[index], Rejection.Reason.INFERENCE_FAILED, stage(exit).label(), detail));
  }

  private Stage stage(int exit) {
    return cascade.stages().get(exit - 1);
  }

  @Override
  public void close() {
    batches.forEach(MicroBatch::close);
    runners.forEach(StageRunner::close);
    decoder.close();
  }
}
