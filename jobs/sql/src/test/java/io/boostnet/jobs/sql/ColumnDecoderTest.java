package io.boostnet.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.SourceRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of a record travels with its frame. */
class ColumnDecoderTest {

  @Test
  void headerOfAColumn_thatARecordCameWith_isNeverTheColumn() throws Exception {
    String key = RecordColumn.PREFIX + RecordColumn.IMAGE.key();
    List<RecordHeader> headers =
        List.of(new RecordHeader(key, new byte[] {1}), new RecordHeader("mine", new byte[] {2}));
    Frame frame =
        new Frame("a", 0, 0, Frame.UNLABELLED, Origin.elsewhere(new byte[0]))
            .with(new Baggage(headers, Map.of()));
    ColumnDecoder decoder =
        new ColumnDecoder(
            record -> EncodedFrame.at(frame, "image/png", "s3://photos/1.png"),
            List.of(RecordColumn.IMAGE));

    EncodedFrame read = decoder.decode(new SourceRecord(new byte[0], "frames", 0, 0, 0));

    assertThat(read.frame().baggage().headers()).containsExactly(headers.get(1));
  }
}
