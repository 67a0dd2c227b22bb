package io.boostnet.jobs.bench;

import io.boostnet.jobs.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that one run measured.
 *
 * @param command the command line
 * @param machine what it ran on
 * @param setting bundle, frames, thresholds, rounds and the like
 * @param tables the figures
 * @param targets what was aimed at
 */
record BenchReport(
    String command,
    Map<String, String> machine,
    Map<String, String> setting,
    List<Table> tables,
    List<Section.Target> targets) {

  String text() {
    StringBuilder text = new StringBuilder();
    tables.forEach(table -> text.append('\n').append(table.text()));
    if (!targets.isEmpty()) {
      text.append('\n').append(targetTable().text());
    }
    return text.toString();
  }

  /** Writes the page, with the plot where there is one. */
  void writeMarkdown(Path file, Path plot) {
    StringBuilder text = new StringBuilder("# Benchmarks\n\n");
    text.append("All figures are from one run of\n\n```\n")
        .append(command.replace(" --", " \\\n    --"))
        .append("\n```\n\n");
    text.append("| | |\n|---|---|\n");
    machine.forEach((name, value) -> text.append("| %s | %s |\n".formatted(name, value)));
    setting.forEach((name, value) -> text.append("| %s | %s |\n".formatted(name, value)));
    text.append('\n');
    if (plot != null) {
      Path from = file.toAbsolutePath().getParent();
      text.append(
          "![The figures as charts](%s)\n\n".formatted(from.relativize(plot.toAbsolutePath())));
    }
    tables.forEach(table -> text.append(table.markdown()).append('\n'));
    if (!targets.isEmpty()) {
      text.append(targetTable().markdown());
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new ConfigException("The page " + file + " cannot be written (" + e + ").", e);
    }
  }

  private Table targetTable() {
    Table table =
        Table.of(
            "Targets",
            "What was aimed at, and what came out.",
            "at least",
            "%.2f",
            "found",
            "%.2f");
    targets.forEach(
        target ->
            table.row(
                target.claim() + (target.isReached() ? "" : " (missed)"),
                target.atLeast(),
                target.found()));
    return table;
  }
}
