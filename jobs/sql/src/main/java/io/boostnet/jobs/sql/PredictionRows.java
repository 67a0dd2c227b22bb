package io.boostnet.jobs.sql;

import io.boostnet.schema.Prediction;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/**
 * From a prediction to the row that a query asks for: columns of it, then columns of its record.
 */
final class PredictionRows implements MapFunction<Prediction, RowData> {

  private static final long serialVersionUID = 1;

  private final List<PredictionColumn> physical;
  private final List<RecordColumn> metadata;

  PredictionRows(List<PredictionColumn> physical, List<RecordColumn> metadata) {
    this.physical = List.copyOf(physical);
    this.metadata = List.copyOf(metadata);
  }

  @Override
  public RowData map(Prediction said) {
    GenericRowData row = new GenericRowData(physical.size() + metadata.size());
    int at = 0;
    for (PredictionColumn column : physical) {
      row.setField(at++, column.of(said));
    }
    if (!metadata.isEmpty()) {
      Map<RecordColumn, ByteBuffer> packed = RecordColumn.packed(said);
      for (RecordColumn column : metadata) {
        row.setField(at++, column.of(said, packed));
      }
    }
    return row;
  }
}
