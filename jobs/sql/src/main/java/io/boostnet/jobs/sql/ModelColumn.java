package io.boostnet.jobs.sql;

import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.ClassProbability;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;

/**
 * The outputs of a model: what a table of predictions has under the same names, and an error. In
 * SQL the name of the model and an underscore stand before each.
 */
enum ModelColumn {
  LABEL(PredictionColumn.LABEL, (said, cascade) -> said.said().label()),
  LABEL_NAME(PredictionColumn.LABEL_NAME, (said, cascade) -> name(cascade, said.said().label())),
  CONFIDENCE(PredictionColumn.CONFIDENCE, (said, cascade) -> said.said().value()),
  EXIT(PredictionColumn.EXIT, (said, cascade) -> said.exit()),
  EXITS(PredictionColumn.EXITS, (said, cascade) -> cascade.exits()),
  COST(PredictionColumn.COST, (said, cascade) -> said.cost()),
  FORCED(PredictionColumn.FORCED, (said, cascade) -> said.forced()),
  TOP_K(PredictionColumn.TOP_K, (said, cascade) -> probable(said, cascade)),
  BUNDLE(PredictionColumn.BUNDLE, (said, cascade) -> StringData.fromString(cascade.name())),
  BUNDLE_VERSION(
      PredictionColumn.BUNDLE_VERSION, (said, cascade) -> StringData.fromString(cascade.version())),
  ERROR("error", DataTypes.STRING(), (said, cascade) -> StringData.fromString(said.error()));

  private final String field;
  private final DataType type;
  private final BiFunction<LocalPrediction, Cascade, Object> value;

  ModelColumn(PredictionColumn same, BiFunction<LocalPrediction, Cascade, Object> value) {
    this(same.column(), same.type(), value);
  }

  ModelColumn(String field, DataType type, BiFunction<LocalPrediction, Cascade, Object> value) {
    this.field = field;
    this.type = type;
    this.value = value;
  }

  /** Its name behind that of the model. */
  String field() {
    return field;
  }

  DataType type() {
    return type;
  }

  /** Its value, as Flink SQL holds it; null of an image of which nothing was said. */
  Object of(LocalPrediction said, Cascade cascade) {
    return (this == ERROR) == (said.error() != null) ? value.apply(said, cascade) : null;
  }

  /**
   * The output of a field.
   *
   * @throws IllegalArgumentException with the fields there are
   */
  static ModelColumn named(String field) {
    return Arrays.stream(values())
        .filter(known -> known.field.equals(field))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    Arrays.stream(values())
                        .map(ModelColumn::field)
                        .collect(Collectors.joining(", "))));
  }

  private static StringData name(Cascade cascade, int label) {
    return StringData.fromString(cascade.labels().get(label));
  }

  private static GenericArrayData probable(LocalPrediction said, Cascade cascade) {
    return new GenericArrayData(said.topK().stream().map(each -> row(each, cascade)).toArray());
  }

  private static GenericRowData row(ClassProbability each, Cascade cascade) {
    return GenericRowData.of(each.label(), name(cascade, each.label()), each.probability());
  }
}
