package io.boostnet.jobs.sql;

import io.boostnet.flink.model.SourceRecord;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.WatermarkAlignmentParams;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.catalog.WatermarkSpec;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.ResolvedExpression;

/**
 * Watermarks of a table where they depend on the Kafka record alone: the source makes them, for
 * every partition by itself, and the chain of stages lets none overtake the frames before it.
 */
final class RecordTime implements WatermarkStrategy<SourceRecord> {

  private static final long serialVersionUID = 1;

  private final WatermarkStrategy<RowData> watermarks;
  private final int physical;
  private final List<RecordColumn> metadata;

  /**
   * The strategy of a table for its records.
   *
   * @param watermarks that of its rows
   * @param physical how many columns a row has before those of the record
   * @param metadata the columns of the record
   */
  RecordTime(WatermarkStrategy<RowData> watermarks, int physical, List<RecordColumn> metadata) {
    this.watermarks = watermarks;
    this.physical = physical;
    this.metadata = List.copyOf(metadata);
  }

  /**
   * Whether the watermarks that a table declares depend on the Kafka record alone. What is not
   * certain is taken for no.
   *
   * @param metadata columns of the record, by the name that the table gives them
   */
  static boolean isOfRecord(ResolvedSchema schema, Map<String, RecordColumn> metadata) {
    return schema.getWatermarkSpecs().stream()
        .map(WatermarkSpec::getWatermarkExpression)
        .allMatch(expression -> isOfRecord(expression, schema, metadata));
  }

  private static boolean isOfRecord(
      ResolvedExpression expression, ResolvedSchema schema, Map<String, RecordColumn> metadata) {
    String text = expression.asSummaryString();
    for (Column column : schema.getColumns()) {
      String name = column.getName();
      RecordColumn ofRecord = metadata.get(name);
      if (!Pattern.compile("(?<![\\w])" + Pattern.quote(name) + "(?![\\w])").matcher(text).find()
          || ofRecord != null && ofRecord.isKnownBeforeReading()) {
        continue;
      }
      if (!(column instanceof Column.ComputedColumn computed)
          || !isOfRecord(computed.getExpression(), schema, metadata)) {
        return false;
      }
    }
    return true;
  }

  private RowData row(SourceRecord record) {
    GenericRowData row = new GenericRowData(physical + metadata.size());
    for (int i = 0; i < metadata.size(); i++) {
      row.setField(physical + i, metadata.get(i).of(record));
    }
    return row;
  }

  @Override
  public WatermarkGenerator<SourceRecord> createWatermarkGenerator(
      WatermarkGeneratorSupplier.Context context) {
    WatermarkGenerator<RowData> ofRows = watermarks.createWatermarkGenerator(context);
    return new WatermarkGenerator<>() {
      @Override
      public void onEvent(SourceRecord record, long timestamp, WatermarkOutput output) {
        ofRows.onEvent(row(record), timestamp, output);
      }

      @Override
      public void onPeriodicEmit(WatermarkOutput output) {
        ofRows.onPeriodicEmit(output);
      }
    };
  }

  @Override
  public TimestampAssigner<SourceRecord> createTimestampAssigner(
      TimestampAssignerSupplier.Context context) {
    TimestampAssigner<RowData> ofRows = watermarks.createTimestampAssigner(context);
    return (record, timestamp) -> ofRows.extractTimestamp(row(record), timestamp);
  }

  @Override
  public WatermarkAlignmentParams getAlignmentParameters() {
    return watermarks.getAlignmentParameters();
  }
}
