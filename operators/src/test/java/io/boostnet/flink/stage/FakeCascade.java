package io.boostnet.flink.stage;

import io.boostnet.flink.inference.GoldenCheck;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.ServiceCurve;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.StageRunnerFactory;
import io.boostnet.flink.model.Audit;
import io.boostnet.flink.model.ElementType;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.TensorSpec;
import io.boostnet.flink.model.Ticket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A cascade whose input is one number: two classes, logits (number, 0), and the number itself is
 * carried. NaN gives logits that are not finite; a negative number makes the call throw.
 */
public final class FakeCascade {

  public static final int STAGES = 3;
  public static final AtomicInteger OPEN_RUNNERS = new AtomicInteger();
  public static final AtomicInteger OPEN_BATCHES = new AtomicInteger();
  public static final List<Integer> CALLS = new ArrayList<>();

  private static final TensorSpec NUMBER = new TensorSpec("x", ElementType.FLOAT, List.of(1L));
  private static final TensorSpec LOGITS = new TensorSpec("logits", ElementType.FLOAT, List.of(2L));

  private FakeCascade() {}

  public static Stage stage(int index) {
    List<TensorSpec> outputs = index == STAGES ? List.of(LOGITS) : List.of(NUMBER, LOGITS);
    return new Stage(index, "stage.onnx", "0", List.of(NUMBER), outputs, 100L * index, 1);
  }

  public static void reset() {
    OPEN_RUNNERS.set(0);
    OPEN_BATCHES.set(0);
    CALLS.clear();
  }

  static InFlightSample audited(long number, float value, Audit audit) {
    InFlightSample sample = sample(number, value);
    return new InFlightSample(sample.frame(), sample.ticket(), sample.features(), audit);
  }

  static InFlightSample due(long deadlineMs, float value) {
    InFlightSample sample = sample(0, value);
    Frame frame = new Frame("camera", 0, 1000, 1, deadlineMs, sample.frame().origin());
    return new InFlightSample(frame, sample.ticket(), sample.features());
  }

  static InFlightSample sample(long number, float value) {
    ByteBuffer tensor = ByteBuffer.allocateDirect(4).order(java.nio.ByteOrder.nativeOrder());
    tensor.putFloat(0, value);
    return new InFlightSample(
        new Frame("camera", number, 1000 + number, 1, Origin.elsewhere(new byte[] {7})),
        new Ticket(0, number),
        new Features(new ByteBuffer[] {tensor}));
  }

  static float value(InFlightSample sample) {
    ByteBuffer tensor = sample.features().tensors()[0];
    return tensor.getFloat(tensor.position());
  }

  /** Opens {@link Runner}s. */
  public record Factory(int index) implements StageRunnerFactory {
    private static final long serialVersionUID = 1;

    @Override
    public Stage stage() {
      return FakeCascade.stage(index);
    }

    @Override
    public StageRunner open() {
      OPEN_RUNNERS.incrementAndGet();
      return new Runner(stage());
    }

    @Override
    public GoldenCheck goldenCheck() {
      return GoldenCheck.none();
    }
  }

  private record Runner(Stage stage) implements StageRunner {

    @Override
    public MicroBatch allocate(int capacity) {
      OPEN_BATCHES.incrementAndGet();
      return new Batch(stage, capacity);
    }

    @Override
    public void run(MicroBatch batch) throws InferenceException {
      CALLS.add(batch.size());
      ((Batch) batch).compute();
    }

    @Override
    public ServiceCurve serviceCurve(Duration within, int maxSize) {
      int[] sizes = {1, 2, 4, 8};
      return new ServiceCurve(
          sizes, Arrays.stream(sizes).mapToLong(n -> 1_000_000 + 250_000L * n).toArray());
    }

    @Override
    public int openSessions() {
      return OPEN_RUNNERS.get();
    }

    @Override
    public boolean fellBackToCpu() {
      return false;
    }

    @Override
    public void close() {
      OPEN_RUNNERS.decrementAndGet();
    }
  }

  private static final class Batch extends MicroBatch {

    Batch(Stage stage, int capacity) {
      super(stage, capacity);
    }

    void compute() throws InferenceException {
      int outputs = stage().outputs().size();
      for (int row = 0; row < size(); row++) {
        float x = input(0).getFloat(row * 4);
        if (x < 0) {
          throw new InferenceException("row " + row + " is negative");
        }
        if (outputs == 2) {
          output(0).putFloat(row * 4, x);
        }
        output(outputs - 1).putFloat(row * 8, x);
        output(outputs - 1).putFloat(row * 8 + 4, 0);
      }
    }

    @Override
    public void close() {
      OPEN_BATCHES.decrementAndGet();
      super.close();
    }
  }
}
