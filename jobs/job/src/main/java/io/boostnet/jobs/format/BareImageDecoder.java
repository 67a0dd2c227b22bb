package io.boostnet.jobs.format;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.SourceRecord;
import java.nio.charset.StandardCharsets;

/**
 * Records whose value is the encoded image. Source is the key, sequence a header or the offset,
 * time the record's timestamp.
 */
public final class BareImageDecoder implements FrameDecoder<SourceRecord> {

  /** Content type of a value that is the URI of the image. */
  public static final String REFERENCE = "text/uri-list";

  private static final long serialVersionUID = 1;

  private final HeaderNames names;

  /** A decoder that reads headers of these names. */
  public BareImageDecoder(HeaderNames names) {
    this.names = names;
  }

  @Override
  public EncodedFrame decode(SourceRecord record) throws RejectedFrameException {
    if (record.value() == null || record.value().length == 0) {
      throw new RejectedFrameException(
          Rejection.unreadable(record, "the record has no value; an encoded image is expected"));
    }
    Frame frame =
        new Frame(
            KafkaDefaults.sourceId(record),
            number(record, names.sequence(), record.offset()),
            record.timestampMs(),
            (int) number(record, names.label(), Frame.UNLABELLED),
            number(record, names.deadlineMs(), Frame.NO_DEADLINE),
            Origin.of(record));
    RecordHeader header = record.header(names.contentType());
    String contentType = header == null || header.value() == null ? "" : header.text();
    if (contentType.startsWith(REFERENCE)) {
      String uri = new String(record.value(), StandardCharsets.UTF_8).strip();
      return EncodedFrame.at(frame, "", uri);
    }
    return EncodedFrame.of(frame, contentType, record.value());
  }

  private static long number(SourceRecord record, String name, long otherwise)
      throws RejectedFrameException {
    RecordHeader header = record.header(name);
    if (header == null || header.value() == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(header.text().strip());
    } catch (NumberFormatException e) {
      throw new RejectedFrameException(
          Rejection.unreadable(
              record,
              "the header %s is no whole number in decimal digits; it has %d bytes"
                  .formatted(name, header.value().length)));
    }
  }
}
