package io.boostnet.jobs.sql;

import io.boostnet.schema.Event;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;

/** The columns of an event: the fields of its schema, under their names there. */
enum EventColumn implements TableColumn<Event> {
  SOURCE_ID("sourceId", DataTypes.STRING(), told -> TableColumn.text(told.getSourceId())),
  KIND("kind", DataTypes.STRING(), told -> TableColumn.text(told.getKind().name())),
  FROM_LABEL("fromLabel", DataTypes.INT(), Event::getFromLabel),
  FROM_LABEL_NAME(
      "fromLabelName", DataTypes.STRING(), told -> TableColumn.text(told.getFromLabelName())),
  TO_LABEL("toLabel", DataTypes.INT(), Event::getToLabel),
  TO_LABEL_NAME("toLabelName", DataTypes.STRING(), told -> TableColumn.text(told.getToLabelName())),
  BEGAN_MS("beganMs", DataTypes.BIGINT(), Event::getBeganMs),
  CONFIRMED_MS("confirmedMs", DataTypes.BIGINT(), Event::getConfirmedMs),
  SEQUENCE("sequence", DataTypes.BIGINT(), Event::getSequence),
  CONFIDENCE("confidence", DataTypes.FLOAT(), Event::getConfidence),
  IMAGE("image", DataTypes.BYTES(), told -> bytes(told.getImage()));

  private final String column;
  private final DataType type;
  private final Function<Event, Object> value;

  EventColumn(String column, DataType type, Function<Event, Object> value) {
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
  public Object of(Event told) {
    return value.apply(told);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }
}
