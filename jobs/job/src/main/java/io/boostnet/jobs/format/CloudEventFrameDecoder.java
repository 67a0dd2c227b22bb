package io.boostnet.jobs.format;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.SourceRecord;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * CloudEvents of version 1.0 whose data is the image, in binary or structured mode. Source is the
 * event's subject, else its source; sequence the extension {@code sequence}, else the offset; time
 * the event's, else the record's; the extensions {@code dataref}, {@code label} and {@code
 * deadlinems} are read where they are.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">The
 *     Kafka binding</a>
 */
public final class CloudEventFrameDecoder implements FrameDecoder<SourceRecord> {

  /** Extension: position of the event among those of its source. */
  static final String SEQUENCE = "sequence";

  /** Extension: where the data lies. */
  static final String DATAREF = "dataref";

  /** Extension of ours: index of the true class. */
  static final String LABEL = "label";

  /** Extension of ours: when the prediction must be made. */
  static final String DEADLINE_MS = "deadlinems";

  private static final long serialVersionUID = 1;

  @Override
  public EncodedFrame decode(SourceRecord record) throws RejectedFrameException {
    CloudEvent event = event(record);
    Frame frame =
        new Frame(
            event.getSubject() == null ? event.getSource().toString() : event.getSubject(),
            number(record, event, SEQUENCE, record.offset()),
            event.getTime() == null
                ? record.timestampMs()
                : event.getTime().toInstant().toEpochMilli(),
            (int) number(record, event, LABEL, Frame.UNLABELLED),
            number(record, event, DEADLINE_MS, Frame.NO_DEADLINE),
            Origin.of(record));
    Object reference = event.getExtension(DATAREF);
    boolean empty = event.getData() == null;
    if (empty && reference == null) {
      throw new RejectedFrameException(
          Rejection.unreadable(record, "the CloudEvent has neither data nor a dataref"));
    }
    return new EncodedFrame(
        frame,
        event.getDataContentType(),
        empty ? null : event.getData().toBytes(),
        empty ? reference.toString() : null,
        0,
        0);
  }

  static CloudEvent event(SourceRecord record) throws RejectedFrameException {
    RecordHeaders headers = new RecordHeaders();
    record.headers().forEach(header -> headers.add(header.key(), header.value()));
    try {
      return KafkaMessageFactory.createReader(headers, record.value()).toEvent();
    } catch (RuntimeException e) { // of many kinds, beside the one that is declared
      throw unreadable(record, e);
    }
  }

  private static RejectedFrameException unreadable(SourceRecord record, RuntimeException cause) {
    return new RejectedFrameException(
        Rejection.unreadable(record, "the record is no CloudEvent: " + cause.getMessage()));
  }

  private static long number(SourceRecord record, CloudEvent event, String name, long otherwise)
      throws RejectedFrameException {
    Object value = event.getExtension(name);
    try {
      return value == null ? otherwise : Long.parseLong(value.toString().strip());
    } catch (NumberFormatException e) {
      throw new RejectedFrameException(
          Rejection.unreadable(
              record, "the extension %s of the CloudEvent is no whole number".formatted(name)));
    }
  }
}
