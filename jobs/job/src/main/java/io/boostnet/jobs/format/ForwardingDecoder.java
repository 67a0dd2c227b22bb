package io.boostnet.jobs.format;

import io.boostnet.flink.codec.FrameSamples;
import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.flink.options.Limits;
import java.util.List;

/**
 * Adds chosen headers of the Kafka record to the baggage of a frame, or of its dead letter, and
 * refuses more than {@link Limits#BAGGAGE_BYTES} of it: what a job itself has a frame take along
 * comes on top, with room of its own.
 */
public final class ForwardingDecoder implements FrameDecoder<SourceRecord> {

  private static final long serialVersionUID = 1;

  private final FrameDecoder<SourceRecord> format;
  private final HeaderSelection selection;

  /**
   * Wraps the decoder of a format.
   *
   * @param format reads the record
   * @param selection the headers that travel; none of them is fine
   */
  public ForwardingDecoder(FrameDecoder<SourceRecord> format, HeaderSelection selection) {
    this.format = format;
    this.selection = selection;
  }

  @Override
  public void open() {
    format.open();
  }

  @Override
  public EncodedFrame decode(SourceRecord record) throws RejectedFrameException {
    EncodedFrame frame = read(record, selection.of(record.headers()));
    FrameSamples.requireShort(frame.frame(), Limits.BAGGAGE_BYTES);
    return frame;
  }

  private EncodedFrame read(SourceRecord record, List<RecordHeader> chosen)
      throws RejectedFrameException {
    try {
      EncodedFrame frame = format.decode(record);
      return chosen.isEmpty() ? frame : frame.with(frame.frame().baggage().with(chosen));
    } catch (RejectedFrameException e) {
      Rejection rejection = e.rejection().with(e.rejection().frame().baggage().with(chosen));
      if (rejection.frame().baggage().size() > Limits.BAGGAGE_BYTES) {
        throw e;
      }
      throw new RejectedFrameException(rejection);
    }
  }

  @Override
  public void close() {
    format.close();
  }
}
