package io.boostnet.jobs.sql;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;

/**
 * A physical column of a table.
 *
 * @param <T> what a row is made of
 */
interface TableColumn<T> {

  /** What it is called in SQL. */
  String column();

  /** Its type, which a table may also declare NOT NULL. */
  DataType type();

  /** Its value, as Flink SQL holds it. */
  Object of(T record);

  /**
   * The column of a name.
   *
   * @param rowName what a row is, such as a prediction
   * @throws IllegalArgumentException with the names there are
   */
  static <C extends TableColumn<?>> C named(String name, C[] known, String rowName) {
    return Arrays.stream(known)
        .filter(each -> each.column().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the column %s is none of %s; those are %s"
                        .formatted(
                            name,
                            rowName,
                            Arrays.stream(known)
                                .map(TableColumn::column)
                                .collect(Collectors.joining(", ")))));
  }

  /** A text as Flink SQL holds it; null where it is null. */
  static StringData text(String text) {
    return StringData.fromString(text);
  }
}
