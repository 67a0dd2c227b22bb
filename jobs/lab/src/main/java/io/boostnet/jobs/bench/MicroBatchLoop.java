package io.boostnet.jobs.bench;

import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.schema.ImageFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The limit: the stages in micro-batches that are always full, of a given size or those that the
 * chain chooses by itself on this machine, and nothing beside them but the copy of a row that goes
 * on, and where it is asked for the decoding of the images.
 */
final class MicroBatchLoop extends LoopContender {

  private final int size;
  private final boolean decoding;

  private MicroBatchLoop(String name, Workload work, int size, boolean decoding) throws Exception {
    super(name, work);
    this.size = size;
    this.decoding = decoding;
  }

  /** In micro-batches of one size. */
  MicroBatchLoop(String name, Workload work, int size) throws Exception {
    this(name, work, size, false);
  }

  /** In the sizes that the chain chooses. */
  MicroBatchLoop(String name, Workload work) throws Exception {
    this(name, work, MicroBatching.AUTO);
  }

  /** In the sizes that the chain chooses, with encoded images that it decodes as the chain does. */
  static MicroBatchLoop decoding(String name, Workload work) throws Exception {
    return new MicroBatchLoop(name, work, MicroBatching.AUTO, true);
  }

  @Override
  Loop open() throws Exception {
    List<StageRunner> runners = new ArrayList<>();
    for (Stage stage : work().bundle().cascade().stages()) {
      runners.add(work().bundle().stage(stage, Device.CPU).open());
    }
    return new Loop() {
      @Override
      public Classified.Sums run(long first, long count) throws Exception {
        try (Rows rows = new Rows(runners)) {
          if (decoding) {
            decode(rows, first, count);
          } else {
            for (long i = first; i < first + count; i++) {
              rows.take(new Features(new ByteBuffer[] {image(i)}), label(i));
            }
          }
          return rows.end();
        }
      }

      @Override
      public void close() {
        runners.forEach(StageRunner::close);
      }
    };
  }

  private void decode(Rows rows, long first, long count) throws Exception {
    Features image = input();
    try (SampleDecoder<ImageFrame> decoder = decoder()) {
      for (long i = first; i < first + count; i++) {
        decoder.decode(frame(i), image);
        rows.take(image, label(i));
      }
    }
  }

  /** The micro-batches of a thread. */
  private final class Rows implements AutoCloseable {

    private final List<StageRunner> runners;
    private final List<MicroBatch> batches = new ArrayList<>();
    private final List<int[]> labels = new ArrayList<>();
    private final Classified.Sums sums = new Classified.Sums();
    private final int classes = work().bundle().cascade().classes();
    private final double[] cost = work().bundle().cascade().cost(CostUnit.TIME).toArray();

    Rows(List<StageRunner> runners) throws InferenceException {
      this.runners = runners;
      MicroBatching auto = MicroBatching.auto();
      for (StageRunner runner : runners) {
        MicroBatch batch =
            runner.allocate(
                size == MicroBatching.AUTO
                    ? runner
                        .serviceCurve(auto.linger(), MicroBatching.MAX_SIZE)
                        .bestWithin(auto.linger())
                    : size);
        batches.add(batch);
        labels.add(new int[batch.capacity()]);
      }
    }

    void take(Features image, int label) throws InferenceException {
      take(0, image, label);
    }

    /** Runs what has gathered, stage by stage. */
    Classified.Sums end() throws InferenceException {
      for (int stage = 0; stage < runners.size(); stage++) {
        run(stage);
      }
      return sums;
    }

    private void take(int stage, Features row, int label) throws InferenceException {
      MicroBatch batch = batches.get(stage);
      labels.get(stage)[batch.size()] = label;
      batch.append(row);
      if (batch.isFull()) {
        run(stage);
      }
    }

    private void run(int stage) throws InferenceException {
      MicroBatch batch = batches.get(stage);
      if (batch.size() == 0) {
        return;
      }
      runners.get(stage).run(batch);
      for (int row = 0; row < batch.size(); row++) {
        Confidence confidence = Confidence.of(batch.logits(), row, classes);
        int label = labels.get(stage)[row];
        if (work().thresholds().leaves(stage + 1, confidence.value())) {
          sums.add(new Classified(confidence.label() == label, cost[stage]));
        } else {
          take(stage + 1, batch.carried(row), label);
        }
      }
      batch.clear();
    }

    @Override
    public void close() {
      batches.forEach(MicroBatch::close);
    }
  }
}
