package io.boostnet.jobs.format;

import io.boostnet.flink.model.RecordHeader;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Event;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * CloudEvents in binary mode. The data of an outcome is its JSON object, that of a frame its image.
 *
 * @param <T> the record
 */
public final class CloudEventEncoder<T extends SpecificRecord> implements RecordEncoder<T> {

  private static final long serialVersionUID = 1;

  private final URI source;

  /** An encoder whose events come from {@code /boostnet/} and the name of a pipeline. */
  public CloudEventEncoder(String pipeline) {
    this.source = URI.create("/boostnet/" + URLEncoder.encode(pipeline, StandardCharsets.UTF_8));
  }

  @Override
  public void open() {}

  @Override
  public Encoded encode(T record) {
    CloudEventBuilder event = CloudEventBuilder.v1().withSource(source);
    if (record instanceof ImageFrame frame) {
      write(frame, event);
    } else {
      event.withData(
          "application/json",
          JsonRecords.json(record.getSchema(), record).getBytes(StandardCharsets.UTF_8));
      describe(record, event);
    }
    ProducerRecord<Void, byte[]> written =
        KafkaMessageFactory.createWriter("unused").writeBinary(event.build());
    List<RecordHeader> headers = new ArrayList<>();
    written
        .headers()
        .forEach(header -> headers.add(new RecordHeader(header.key(), header.value())));
    return new Encoded(written.value(), headers);
  }

  private static void describe(SpecificRecord record, CloudEventBuilder event) {
    if (record instanceof Prediction prediction) {
      String id = prediction.getSourceId() + "/" + prediction.getSequence();
      identify(event, "prediction", id, prediction.getSourceId(), prediction.getDecidedAtMs());
    } else if (record instanceof DeadLetter letter) {
      String id = letter.getTopic() + "/" + letter.getPartition() + "/" + letter.getOffset();
      identify(event, "dead-letter", id, letter.getSourceId(), letter.getTimestampMs());
    } else if (record instanceof ControlEvent change) {
      String id = change.getPipeline() + "/" + change.getVersion();
      identify(event, "control-event", id, change.getPipeline(), change.getTimestampMs());
    } else if (record instanceof Event change) {
      String id = change.getSourceId() + "/" + change.getKind() + "/" + change.getConfirmedMs();
      identify(event, "event", id, change.getSourceId(), change.getConfirmedMs());
    } else {
      throw new IllegalArgumentException("no CloudEvent of a " + record.getSchema().getName());
    }
  }

  private static void write(ImageFrame frame, CloudEventBuilder event) {
    String id = frame.getSourceId() + "/" + frame.getSequence();
    identify(event, "frame", id, frame.getSourceId(), frame.getTimestampMs());
    event.withExtension(CloudEventFrameDecoder.SEQUENCE, String.valueOf(frame.getSequence()));
    if (frame.getLabel() != null) {
      event.withExtension(CloudEventFrameDecoder.LABEL, frame.getLabel());
    }
    if (frame.getDeadlineMs() != null) {
      event.withExtension(
          CloudEventFrameDecoder.DEADLINE_MS, String.valueOf(frame.getDeadlineMs()));
    }
    if (frame.getReference() != null) {
      event
          .withDataContentType(frame.getContentType())
          .withExtension(CloudEventFrameDecoder.DATAREF, frame.getReference());
      return;
    }
    byte[] image = new byte[frame.getImage().remaining()];
    frame.getImage().get(frame.getImage().position(), image);
    event.withData(frame.getContentType(), image);
  }

  private static void identify(
      CloudEventBuilder event, String type, String id, String subject, long timeMs) {
    event.withType("io.boostnet." + type).withId(id);
    event.withTime(Instant.ofEpochMilli(timeMs).atOffset(ZoneOffset.UTC));
    if (subject != null && !subject.isEmpty()) {
      event.withSubject(subject);
    }
  }
}
