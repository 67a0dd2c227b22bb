package io.boostnet.flink.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.model.Audit;
import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.options.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InFlightSampleSerializerTest {

  private static final InFlightSampleSerializer SERIALIZER = InFlightSampleSerializer.INSTANCE;

  private static InFlightSample sample(String sourceId, Origin origin, Audit audit) {
    InFlightSample sample = FakeCascade.sample(5, 0.25f);
    Baggage baggage =
        new Baggage(
            List.of(
                new RecordHeader("traceparent", new byte[] {4, 5}), new RecordHeader("none", null)),
            Map.of("order", "{\"id\":7}"));
    Frame frame =
        new Frame(sourceId, 5, 1005, 1, 2000, origin, audit == null ? Baggage.NONE : baggage);
    return new InFlightSample(frame, sample.ticket(), sample.features(), audit);
  }

  static Stream<InFlightSample> samples() {
    byte[] payload = {1, 2, 3};
    String longest = "\u20ac".repeat(Limits.SOURCE_ID_CHARS);
    return Stream.of(
        sample("camera", Origin.elsewhere(payload), null),
        sample(longest, new Origin("frames", 3, 99, payload), new Audit(1, 7)));
  }

  private static InFlightSample writtenAndRead(InFlightSample sample) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    SERIALIZER.serialize(sample, out);
    return SERIALIZER.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sample_isTheSameAfterwards_withItsFeaturesOnTheHeap(InFlightSample sample) throws Exception {
    for (InFlightSample other : new InFlightSample[] {writtenAndRead(sample), copy(sample)}) {
      assertThat(other).usingRecursiveComparison().ignoringFields("features").isEqualTo(sample);
      ByteBuffer tensor = other.features().tensors()[0];
      assertThat(other.features().count()).isEqualTo(1);
      assertThat(tensor.isDirect()).isFalse();
      assertThat(tensor.order()).isEqualTo(ByteOrder.nativeOrder());
      assertThat(logit(other)).isEqualTo(0.25f);
    }
  }

  private static InFlightSample copy(InFlightSample sample) {
    return SERIALIZER.copy(sample);
  }

  /** What the network makes of a sample: its one number. */
  private static float logit(InFlightSample sample) throws InferenceException {
    try (StageRunner runner = new FakeCascade.Factory(1).open();
        MicroBatch batch = runner.allocate(1)) {
      batch.append(sample.features());
      runner.run(batch);
      return batch.logits().get(0);
    }
  }
}
