package io.boostnet.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.format.AvroEncoder;
import io.boostnet.schema.ControlEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeSchemaTest {

  @Test
  void serialize_recordWithAnEventTime_leavesTheKafkaTimestampToTheProducer() {
    OutcomeSchema<ControlEvent> schema =
        new OutcomeSchema<>(
            "control-events", new AvroEncoder<>(ControlEvent.class), ControlEvent::getPipeline);
    schema.open(null, null);
    ControlEvent event =
        ControlEvent.newBuilder()
            .setPipeline("p")
            .setVersion(1)
            .setTimestampMs(4_102_444_800_000L) // the year 2100
            .setReason("a clock")
            .setThresholds(List.of(0.0))
            .build();

    // Event time of the stream, which is the user's: a broker refuses it when it is far off.
    assertThat(schema.serialize(event, null, 4_102_444_800_000L).timestamp()).isNull();
  }
}
