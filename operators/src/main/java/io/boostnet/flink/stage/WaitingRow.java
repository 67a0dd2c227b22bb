package io.boostnet.flink.stage;

import io.boostnet.flink.model.Audit;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Ticket;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * A row of a micro-batch that waits for its call: all of a sample but its features. Immutable.
 *
 * @param audit null for a frame that has not left yet
 * @param timestamped whether its record has a timestamp
 * @param timestamp that, in milliseconds; 0 where there is none
 * @param sinceNanos when it came, on the JVM's clock
 */
record WaitingRow(
    Frame frame, Ticket ticket, Audit audit, boolean timestamped, long timestamp, long sinceNanos) {

  static WaitingRow of(InFlightSample sample, StreamRecord<?> element, long nowNanos) {
    boolean timestamped = element.hasTimestamp();
    return new WaitingRow(
        sample.frame(),
        sample.ticket(),
        sample.audit(),
        timestamped,
        timestamped ? element.getTimestamp() : 0,
        nowNanos);
  }

  /** A frame that is not run, and its record. */
  static WaitingRow of(Frame frame, Ticket ticket, StreamRecord<?> element, long nowNanos) {
    boolean timestamped = element.hasTimestamp();
    return new WaitingRow(
        frame, ticket, null, timestamped, timestamped ? element.getTimestamp() : 0, nowNanos);
  }

  /** When the frame was put into the stream, in milliseconds; its own time where Flink has none. */
  long streamTimeMs() {
    return timestamped && timestamp >= 0 ? timestamp : frame.timestampMs();
  }

  /** What came of it, with the timestamp that it had. */
  StreamRecord<ChainElement> record(ChainElement value) {
    return timestamped ? new StreamRecord<>(value, timestamp) : new StreamRecord<>(value);
  }
}
