package io.boostnet.flink.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.model.ElementType;
import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.TensorSpec;
import io.boostnet.flink.options.Tracking;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class DecodeOperatorTest {

  private static final int SIDE = 8;

  @Test
  void restoredTrack_inheritsWhatItsOwnNetworkDecided_andNothingOfAnother() throws Exception {
    OperatorSubtaskState saved;
    try (var harness = harness("signs 1")) {
      harness.open();
      send(harness, 0);
      assertThat(framesRun(harness)).as("the first frame is run").isOne();
      decide(harness);
      send(harness, 1);
      assertThat(framesRun(harness)).as("the second inherits").isOne();
      saved = harness.snapshot(1, 1);
    }
    assertThat(framesRunAfter(saved, "signs 1")).isZero();
    assertThat(framesRunAfter(saved, "signs 2")).isOne();
  }

  private static long framesRunAfter(OperatorSubtaskState saved, String network) throws Exception {
    try (var harness = harness(network)) {
      harness.initializeState(saved);
      harness.open();
      send(harness, 2);
      return framesRun(harness);
    }
  }

  private static long framesRun(OneInputStreamOperatorTestHarness<Integer, ChainElement> harness) {
    return harness.extractOutputValues().stream().filter(InFlightSample.class::isInstance).count();
  }

  private static void send(
      OneInputStreamOperatorTestHarness<Integer, ChainElement> harness, int number)
      throws Exception {
    harness.processElement(new StreamRecord<>(number, number));
  }

  /** As the stages of the task say it. */
  private static void decide(OneInputStreamOperatorTestHarness<Integer, ChainElement> harness)
      throws Exception {
    Object stage = new Object();
    TrackedFrames tracked = TrackedFrames.join(harness.getEnvironment(), control(), stage);
    Decision decision =
        new Decision("camera", 0, 0, -1, 1, List.of(), 0.9f, 1, false, 1, 0, 0, Baggage.NONE);
    tracked.tracks().decided(0, decision, FloatBuffer.wrap(new float[] {0, 9}), 0, 2);
    tracked.leave(stage);
  }

  private static StageControl control() {
    StageControl alone = StageHarness.control(0);
    return new StageControl(
        alone.plan(),
        alone.auditShare(),
        alone.topK(),
        alone.allowed(),
        Tracking.NONE.unchangedWithin(3, Duration.ofMinutes(1)),
        SourceWeights.NONE);
  }

  private static OneInputStreamOperatorTestHarness<Integer, ChainElement> harness(String network)
      throws Exception {
    TensorSpec image =
        new TensorSpec("image", ElementType.FLOAT, List.of(3L, (long) SIDE, (long) SIDE));
    Preprocessing preprocessing =
        new Preprocessing(
            SIDE,
            SIDE,
            Preprocessing.ChannelOrder.RGB,
            1 / 255.0,
            List.of(0.0, 0.0, 0.0),
            List.of(1.0, 1.0, 1.0),
            Preprocessing.Resize.STRETCH,
            0,
            Preprocessing.Interpolation.BILINEAR);
    var harness =
        new OneInputStreamOperatorTestHarness<Integer, ChainElement>(
            new DecodeOperatorFactory<>(
                new StillCamera(), new DecodeSettings(image, preprocessing, control(), network)));
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(new ChainElementType().createSerializer(new SerializerConfigImpl()));
    return harness;
  }

  /** Every number is a frame of one camera, and all show the same. */
  private static final class StillCamera implements SampleDecoder<Integer> {
    private static final long serialVersionUID = 1;

    @Override
    public void open() {}

    @Override
    public EncodedFrame read(Integer number) {
      Frame frame = new Frame("camera", number, number, -1, Origin.elsewhere(new byte[] {7}));
      return EncodedFrame.of(frame, "", null);
    }

    @Override
    public void decode(EncodedFrame frame, Features image) {}

    @Override
    public long flawed() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
