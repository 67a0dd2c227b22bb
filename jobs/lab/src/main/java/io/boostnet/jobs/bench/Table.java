package io.boostnet.jobs.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Figures of one section of the report, to be shown as text, Markdown and JSON alike.
 *
 * @param title what the figures are about
 * @param note how they were measured
 * @param columns names of the figures with the format each is shown in, as "%.1f"
 * @param rows the rows
 */
record Table(String title, String note, Map<String, String> columns, List<Row> rows) {

  /**
   * A row.
   *
   * @param name what it is
   * @param figures a figure for some or all of the columns
   */
  record Row(String name, Map<String, Double> figures) {}

  /**
   * A table without rows.
   *
   * @param columns name and format, in turns
   */
  static Table of(String title, String note, String... columns) {
    Map<String, String> formats = new LinkedHashMap<>();
    for (int i = 0; i < columns.length; i += 2) {
      formats.put(columns[i], columns[i + 1]);
    }
    return new Table(title, note, formats, new ArrayList<>());
  }

  /** Adds a row with a figure for every column, NaN for none. */
  Table row(String name, double... figures) {
    Map<String, Double> named = new LinkedHashMap<>();
    int i = 0;
    for (String column : columns.keySet()) {
      if (!Double.isNaN(figures[i])) {
        named.put(column, figures[i]);
      }
      i++;
    }
    rows.add(new Row(name, named));
    return this;
  }

  private String cell(Row row, String column) {
    Double figure = row.figures().get(column);
    return figure == null ? "" : columns.get(column).formatted(figure);
  }

  /** For a terminal. */
  String text() {
    int nameWidth = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder(title).append('\n').append(" ".repeat(nameWidth));
    Map<String, Integer> widths = new LinkedHashMap<>();
    for (String column : columns.keySet()) {
      int widest = rows.stream().mapToInt(row -> cell(row, column).length()).max().orElse(0);
      widths.put(column, Math.max(column.length(), widest));
      text.append("  ").append(("%" + widths.get(column) + "s").formatted(column));
    }
    for (Row row : rows) {
      text.append('\n').append(("%-" + Math.max(1, nameWidth) + "s").formatted(row.name()));
      widths.forEach(
          (column, width) ->
              text.append("  ").append(("%" + width + "s").formatted(cell(row, column))));
    }
    return text.append('\n').toString();
  }

  /** For a page. */
  String markdown() {
    StringBuilder text = new StringBuilder("## ").append(title).append("\n\n");
    text.append(note.replaceAll("(.{1,98})( |$)", "$1\n")).append("\n| |");
    columns.keySet().forEach(column -> text.append(' ').append(column).append(" |"));
    text.append("\n|---|").append("---:|".repeat(columns.size())).append('\n');
    for (Row row : rows) {
      text.append("| ").append(row.name()).append(" |");
      columns.keySet().forEach(column -> text.append(' ').append(cell(row, column)).append(" |"));
      text.append('\n');
    }
    return text.toString();
  }
}
