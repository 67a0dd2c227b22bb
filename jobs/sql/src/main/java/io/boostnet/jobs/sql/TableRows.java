package io.boostnet.jobs.sql;

import io.boostnet.jobs.serve.FrameGraph;
import io.boostnet.schema.Event;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/** What the rows of a table are, by its option {@code rows}. */
enum TableRows {
  /** One for every frame that is classified. */
  PREDICTIONS {
    @Override
    TableColumn<?> column(String name) {
      return TableColumn.named(name, PredictionColumn.values(), "a prediction");
    }

    @Override
    List<RecordColumn> recordColumns() {
      return List.of(RecordColumn.values());
    }

    @Override
    SingleOutputStreamOperator<RowData> of(
        FrameGraph.Wired wired,
        List<? extends TableColumn<?>> columns,
        List<RecordColumn> metadata,
        TypeInformation<RowData> type) {
      List<PredictionColumn> wanted = columns.stream().map(PredictionColumn.class::cast).toList();
      return SideSinks.keep(wired.predictions(), wired.outlets())
          .map(new PredictionRows(wanted, metadata), type);
    }
  },

  /** One for every change of what a source shows. It has no Kafka record. */
  EVENTS {
    @Override
    TableColumn<?> column(String name) {
      return TableColumn.named(name, EventColumn.values(), "an event");
    }

    @Override
    List<RecordColumn> recordColumns() {
      return List.of();
    }

    @Override
    SingleOutputStreamOperator<RowData> of(
        FrameGraph.Wired wired,
        List<? extends TableColumn<?>> columns,
        List<RecordColumn> metadata,
        TypeInformation<RowData> type) {
      List<EventColumn> wanted = columns.stream().map(EventColumn.class::cast).toList();
      return SideSinks.keep(wired.events(), wired.outlets()).map(new EventRows(wanted), type);
    }
  };

  /** The physical column of a name; an IllegalArgumentException says which ones there are. */
  abstract TableColumn<?> column(String name);

  /** Columns of the Kafka record that a row may have. */
  abstract List<RecordColumn> recordColumns();

  /** The rows of a graph, which bring its sinks along. */
  abstract SingleOutputStreamOperator<RowData> of(
      FrameGraph.Wired wired,
      List<? extends TableColumn<?>> columns,
      List<RecordColumn> metadata,
      TypeInformation<RowData> type);

  /**
   * Those of a word.
   *
   * @throws IllegalArgumentException with the words there are
   */
  static TableRows parse(String word) {
    return Arrays.stream(values())
        .filter(rows -> rows.toString().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "rows is '%s'; give %s"
                        .formatted(
                            word,
                            Arrays.stream(values())
                                .map(TableRows::toString)
                                .collect(Collectors.joining(" or ")))));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** From an event to the row that a query asks for. */
  private record EventRows(List<EventColumn> columns) implements MapFunction<Event, RowData> {

    @Override
    public RowData map(Event told) {
      return GenericRowData.of(columns.stream().map(column -> column.of(told)).toArray());
    }
  }
}
