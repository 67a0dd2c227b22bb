package io.boostnet.jobs.sql;

import io.boostnet.schema.ClassProbability;
import io.boostnet.schema.Prediction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;

/**
 * The physical columns of a table: the fields of a {@link Prediction}, under the same names. A
 * table has those that it wants.
 */
enum PredictionColumn implements TableColumn<Prediction> {
  SOURCE_ID("sourceId", DataTypes.STRING(), said -> TableColumn.text(said.getSourceId())),
  SEQUENCE("sequence", DataTypes.BIGINT(), Prediction::getSequence),
  TIMESTAMP_MS("timestampMs", DataTypes.BIGINT(), Prediction::getTimestampMs),
  LABEL("label", DataTypes.INT(), Prediction::getLabel),
  LABEL_NAME("labelName", DataTypes.STRING(), said -> TableColumn.text(said.getLabelName())),
  CONFIDENCE("confidence", DataTypes.FLOAT(), Prediction::getConfidence),
  EXIT("exit", DataTypes.INT(), Prediction::getExit),
  EXITS("exits", DataTypes.INT(), Prediction::getExits),
  COST("cost", DataTypes.DOUBLE(), Prediction::getCost),
  FORCED("forced", DataTypes.BOOLEAN(), Prediction::getForced),
  THRESHOLDS_VERSION("thresholdsVersion", DataTypes.BIGINT(), Prediction::getThresholdsVersion),
  BUNDLE("bundle", DataTypes.STRING(), said -> TableColumn.text(said.getBundle())),
  BUNDLE_VERSION(
      "bundleVersion", DataTypes.STRING(), said -> TableColumn.text(said.getBundleVersion())),
  SUBTASK("subtask", DataTypes.INT(), Prediction::getSubtask),
  DECIDED_AT_MS("decidedAtMs", DataTypes.BIGINT(), Prediction::getDecidedAtMs),
  TRUE_LABEL("trueLabel", DataTypes.INT(), Prediction::getTrueLabel),
  TOP_K(
      "topK",
      DataTypes.ARRAY(
          DataTypes.ROW(
              DataTypes.FIELD("label", DataTypes.INT()),
              DataTypes.FIELD("labelName", DataTypes.STRING()),
              DataTypes.FIELD("probability", DataTypes.FLOAT()))),
      said -> probable(said.getTopK())),
  FIELDS(
      "fields",
      DataTypes.MAP(DataTypes.STRING(), DataTypes.STRING()),
      said -> texts(said.getFields()));

  private final String column;
  private final DataType type;
  private final Function<Prediction, Object> value;

  PredictionColumn(String column, DataType type, Function<Prediction, Object> value) {
    this.column = column;
    this.type = type;
    this.value = value;
  }

  @Override
  public String column() {
    return column;
  }

  @Override
  public DataType type() {
    return type;
  }

  @Override
  public Object of(Prediction said) {
    return value.apply(said);
  }

  private static GenericArrayData probable(List<ClassProbability> classes) {
    return new GenericArrayData(
        classes.stream()
            .map(
                each ->
                    GenericRowData.of(
                        each.getLabel(),
                        TableColumn.text(each.getLabelName()),
                        each.getProbability()))
            .toArray());
  }

  private static GenericMapData texts(Map<String, String> fields) {
    Map<StringData, StringData> texts = new HashMap<>();
    fields.forEach((name, json) -> texts.put(TableColumn.text(name), TableColumn.text(json)));
    return new GenericMapData(texts);
  }
}
