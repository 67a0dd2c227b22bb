package io.boostnet.flink.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.model.Audit;
import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.ClassProbability;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.Outcome;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.Ticket;
import io.boostnet.flink.options.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChainElementSerializerTest {

  private static final TypeSerializer<ChainElement> SERIALIZER =
      new ChainElementType().createSerializer(new SerializerConfigImpl());

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

  static Stream<Outcome> outcomes() {
    Frame unreadable = new Frame(null, -1, 7, -1, new Origin("frames", 3, 99, new byte[] {1, 2}));
    return Stream.of(
        Outcome.of(
            new Ticket(1, 2),
            new Decision(
                "camera",
                3,
                4,
                Frame.UNLABELLED,
                5,
                List.of(new ClassProbability(5, 0.5f)),
                0.5f,
                2,
                true,
                6,
                1,
                8,
                new Baggage(List.of(new RecordHeader("a", new byte[] {4})), Map.of("b", "1")))),
        Outcome.of(
            new Ticket(1, 3),
            new Rejection(
                unreadable, Rejection.Reason.UNREADABLE_RECORD, Rejection.READ, "no frame")));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void outcome_isTheSameAfterwards_andNotCopiedWithinAThread(Outcome outcome) throws Exception {
    assertThat(writtenAndRead(outcome)).usingRecursiveComparison().isEqualTo(outcome);
    assertThat(SERIALIZER.copy(outcome)).isSameAs(outcome);
  }

  private static ChainElement writtenAndRead(ChainElement element) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    SERIALIZER.serialize(element, out);
    return SERIALIZER.duplicate().deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sample_isTheSameAfterwards_withItsFeaturesOnTheHeap(InFlightSample sample) throws Exception {
    for (ChainElement element : List.of(writtenAndRead(sample), SERIALIZER.copy(sample))) {
      InFlightSample other = (InFlightSample) element;
      assertThat(other).usingRecursiveComparison().ignoringFields("features").isEqualTo(sample);
      ByteBuffer tensor = other.features().tensors()[0];
      assertThat(other.features().count()).isEqualTo(1);
      assertThat(tensor.isDirect()).isFalse();
      assertThat(tensor.order()).isEqualTo(ByteOrder.nativeOrder());
      assertThat(logit(other)).isEqualTo(0.25f);
    }
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
