package io.boostnet.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.model.SourceRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.catalog.WatermarkSpec;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;

/** Watermarks of a table that are made where the Kafka records are read. */
class RecordTimeTest {

  private static final DataType TIME = DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(3);
  private static final Map<String, RecordColumn> METADATA =
      Map.of(
          "at",
          RecordColumn.TIMESTAMP,
          "headers",
          RecordColumn.HEADERS,
          "p",
          RecordColumn.PARTITION);

  @Test
  void watermark_onTheRecordsTimestamp_isOfTheRecord() {
    assertThat(isOfRecord(late(field("at")))).isTrue();
  }

  @Test
  void watermark_onAColumnComputedFromIt_isOfTheRecord() {
    assertThat(isOfRecord(late(field("rounded")))).isTrue();
  }

  @Test
  void watermark_onWhatThePredictionSays_isNot() {
    assertThat(isOfRecord(late(field("timestampMs")))).isFalse();
    assertThat(isOfRecord(late(field("captured")))).isFalse(); // computed from it
  }

  @Test
  void names_withinOtherNames_areTheirOwn() {
    assertThat(isOfRecord(late(field("at_arrival")))).isFalse();
  }

  @Test
  void table_withoutWatermarks_asksForNothing() {
    assertThat(
            RecordTime.isOfRecord(
                new ResolvedSchema(columns(), List.of(), null, List.of()), METADATA))
        .isTrue();
  }

  @Test
  void records_areSeenAsRowsOfTheTable() {
    List<Watermark> emitted = new ArrayList<>();
    WatermarkStrategy<RowData> ofRows =
        WatermarkStrategy.<RowData>forBoundedOutOfOrderness(Duration.ofMillis(10))
            .withTimestampAssigner(
                (row, before) -> row.getTimestamp(2, 3).getMillisecond() + row.getInt(3));
    RecordTime time =
        new RecordTime(ofRows, 2, List.of(RecordColumn.TIMESTAMP, RecordColumn.PARTITION));
    WatermarkGenerator<SourceRecord> generator = time.createWatermarkGenerator(null);

    for (SourceRecord record : List.of(record(1000, 7), record(900, 1))) {
      long timestamp = time.createTimestampAssigner(null).extractTimestamp(record, -1);
      assertThat(timestamp).isEqualTo(record.timestampMs() + record.partition());
      generator.onEvent(record, timestamp, output(emitted));
    }
    generator.onPeriodicEmit(output(emitted));

    assertThat(emitted).containsExactly(new Watermark(1007 - 10 - 1));
  }

  private static boolean isOfRecord(ResolvedExpression watermark) {
    return RecordTime.isOfRecord(
        new ResolvedSchema(columns(), List.of(WatermarkSpec.of("at", watermark)), null, List.of()),
        METADATA);
  }

  private static List<Column> columns() {
    return List.of(
        Column.physical("label", DataTypes.INT()),
        Column.physical("timestampMs", TIME),
        Column.physical("at_arrival", TIME),
        Column.metadata("at", TIME, "timestamp", true),
        Column.metadata("p", DataTypes.INT(), "partition", true),
        Column.computed("rounded", late(field("at"))),
        Column.computed("captured", late(field("timestampMs"))));
  }

  /** {@code column - INTERVAL '5' SECOND}, as Flink resolves it. */
  private static ResolvedExpression late(ResolvedExpression column) {
    return CallExpression.permanent(
        BuiltInFunctionDefinitions.MINUS,
        List.of(
            column,
            new ValueLiteralExpression(
                Duration.ofSeconds(5), DataTypes.INTERVAL(DataTypes.SECOND(3)).notNull())),
        TIME);
  }

  private static ResolvedExpression field(String name) {
    return new FieldReferenceExpression(name, TIME, 0, 0);
  }

  private static SourceRecord record(long timestampMs, int partition) {
    return new SourceRecord(null, new byte[0], "t", partition, 0, timestampMs, List.of());
  }

  private static WatermarkOutput output(List<Watermark> emitted) {
    return new WatermarkOutput() {
      @Override
      public void emitWatermark(Watermark watermark) {
        emitted.add(watermark);
      }

      @Override
      public void markIdle() {}

      @Override
      public void markActive() {}
    };
  }
}
