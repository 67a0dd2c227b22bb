package io.boostnet.flink.inference;

import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.GoldenRows;
import io.boostnet.flink.model.Stage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * Runs the golden rows of a bundle through a stage as it will serve, and compares its logits: a
 * device, a kernel, a library or a weight that is not what the bundle was made with shows before
 * the first frame is answered.
 *
 * <p>The rows come to the stage through the stages before it, run on the same device. Holds their
 * runners until closed. Used by one thread.
 */
@Internal
public final class GoldenCheck implements AutoCloseable {

  private static final GoldenCheck NONE = new GoldenCheck(null, List.of());

  private final GoldenRows rows;
  private final List<StageRunner> before;

  /**
   * A check of one stage.
   *
   * @param rows the golden rows of its bundle
   * @param before runners of the stages before it, in their order; closed with this
   */
  public GoldenCheck(GoldenRows rows, List<StageRunner> before) {
    this.rows = rows;
    this.before = List.copyOf(before);
  }

  /** The check of a bundle without golden rows: it finds no difference. */
  public static GoldenCheck none() {
    return NONE;
  }

  /**
   * Requires that the stage gives the golden logits, one by one and with the micro-batch full.
   *
   * @param runner the stage, as it will serve
   * @param batch of that runner, empty; left empty
   * @throws InferenceException where a logit differs by more than the bundle allows, or a call
   *     failed
   */
  public void require(StageRunner runner, MicroBatch batch) throws InferenceException {
    double difference = difference(runner, batch);
    if (rows != null && !(difference <= rows.tolerance())) {
      throw new InferenceException(
          "exit %d gives logits that are %.3g from the golden ones of the bundle with micro-batches of %d, and %.3g is allowed (%s); the weights were changed, or kernels compute wrongly here: copy the bundle again, or serve on another device or machine"
              .formatted(
                  runner.stage().index(),
                  difference,
                  batch.capacity(),
                  rows.tolerance(),
                  rows.reason()));
    }
  }

  /**
   * The largest difference of a logit from its golden one, over all rows one by one and with the
   * micro-batch full; infinite where a logit is not a number.
   *
   * @param runner the stage, as it will serve
   * @param batch of that runner, empty; left empty
   * @throws InferenceException where a call failed
   */
  public double difference(StageRunner runner, MicroBatch batch) throws InferenceException {
    if (rows == null) {
      return 0;
    }
    Stage stage = runner.stage();
    List<MicroBatch> passed = new ArrayList<>();
    try {
      pass(passed);
      double largest = 0;
      for (int row = 0; row < rows.count(); row++) {
        batch.append(arriving(passed, row));
        runner.run(batch);
        largest = Math.max(largest, difference(batch.logits(), 0, row, stage));
        batch.clear();
      }
      while (!batch.isFull()) {
        batch.append(arriving(passed, batch.size() % rows.count()));
      }
      runner.run(batch);
      for (int i = 0; i < batch.size(); i++) {
        largest = Math.max(largest, difference(batch.logits(), i, i % rows.count(), stage));
      }
      return largest;
    } finally {
      batch.clear();
      passed.forEach(MicroBatch::close);
    }
  }

  private double difference(FloatBuffer logits, int at, int row, Stage stage) {
    float[] golden = rows.logits()[row][stage.index() - 1];
    double largest = 0;
    for (int c = 0; c < golden.length; c++) {
      double difference = Math.abs((double) logits.get(at * golden.length + c) - golden[c]);
      largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    return largest;
  }

  /** Runs all rows through the stages before, into a micro-batch of each. */
  private void pass(List<MicroBatch> passed) throws InferenceException {
    for (StageRunner runner : before) {
      MicroBatch next = runner.allocate(rows.count());
      for (int row = 0; row < rows.count(); row++) {
        next.append(arriving(passed, row));
      }
      passed.add(next);
      runner.run(next);
    }
  }

  /** A row as it reaches the next stage: an image, or what the last stage made of it. */
  private Features arriving(List<MicroBatch> passed, int row) {
    return passed.isEmpty() ? image(row) : passed.get(passed.size() - 1).carried(row);
  }

  private Features image(int row) {
    float[] input = rows.inputs()[row];
    ByteBuffer bytes =
        ByteBuffer.allocate(input.length * Float.BYTES).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(input);
    return new Features(new ByteBuffer[] {bytes});
  }

  @Override
  public void close() {
    before.forEach(StageRunner::close);
  }
}
