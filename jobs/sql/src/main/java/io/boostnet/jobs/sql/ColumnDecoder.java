package io.boostnet.jobs.sql;

import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.schema.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Adds those columns of the Kafka record to the baggage of its frame that a query asks for; headers
 * that came under their keys stay behind.
 */
final class ColumnDecoder implements FrameDecoder<SourceRecord> {

  private static final long serialVersionUID = 1;

  private final FrameDecoder<SourceRecord> format;
  private final List<RecordColumn> columns;

  ColumnDecoder(FrameDecoder<SourceRecord> format, List<RecordColumn> columns) {
    this.format = format;
    this.columns = List.copyOf(columns);
  }

  @Override
  public void open() {
    format.open();
  }

  @Override
  public EncodedFrame decode(SourceRecord record) throws RejectedFrameException {
    EncodedFrame frame = format.decode(record);
    Baggage baggage = frame.frame().baggage();
    List<RecordHeader> headers = new ArrayList<>(baggage.headers());
    headers.removeIf(header -> header.key().startsWith(RecordColumn.PREFIX));
    headers.addAll(RecordColumn.headers(columns, record, frame));
    return frame.with(baggage.with(headers));
  }

  @Override
  public void close() {
    format.close();
  }

  /** Takes the added columns out of a dead letter, which says them itself. */
  static final class Remover implements MapFunction<DeadLetter, DeadLetter> {
    private static final long serialVersionUID = 1;

    @Override
    public DeadLetter map(DeadLetter letter) {
      letter.setHeaders(
          letter.getHeaders().stream()
              .filter(header -> !header.getKey().startsWith(RecordColumn.PREFIX))
              .toList());
      return letter;
    }
  }
}
