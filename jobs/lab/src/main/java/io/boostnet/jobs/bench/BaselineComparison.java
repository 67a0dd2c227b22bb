package io.boostnet.jobs.bench;

import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;

/**
 * The report of this build and of another one, in turns, as processes of their own: the figures of
 * this build over those of the other, pair by pair. Each build is started in its own directory, so
 * that relative paths, of bundles above all, are its own.
 */
final class BaselineComparison {

  private static final String LAUNCHER = "boostnet";

  private final Path build;
  private final Path baseline;
  private final List<String> arguments;

  /**
   * @param build root of this build
   * @param baseline root of the other one, a checkout of the same project
   * @param arguments of {@code bench report}, but for the rounds and where results go
   * @throws ConfigException where there is no build to start
   */
  BaselineComparison(Path build, Path baseline, List<String> arguments) {
    this.build = build;
    this.baseline = baseline;
    this.arguments = List.copyOf(arguments);
    if (!Files.isExecutable(baseline.resolve(LAUNCHER))) {
      throw new ConfigException(
          "--baseline is %s, where there is no %s to start; give a checkout of this project."
              .formatted(baseline, LAUNCHER));
    }
  }

  /**
   * Runs both builds.
   *
   * @param pairs times that both run, the other one first in every second pair
   * @param bar a step per report
   * @return a table for each of the report's, of medians over the pairs
   */
  List<Table> run(int pairs, ProgressBar bar) throws IOException, InterruptedException {
    List<BenchReport> ours = new ArrayList<>();
    List<BenchReport> others = new ArrayList<>();
    for (int pair = 0; pair < pairs; pair++) {
      for (Path root : pair % 2 == 0 ? List.of(baseline, build) : List.of(build, baseline)) {
        bar.setExtraMessage(root.toString());
        (root.equals(build) ? ours : others).add(report(root));
        bar.step();
      }
    }
    return ratios(ours, others);
  }

  private BenchReport report(Path root) throws IOException, InterruptedException {
    Path file = Files.createTempFile("bench", ".json");
    try {
      List<String> command = new ArrayList<>();
      command.addAll(List.of(root.resolve(LAUNCHER).toString(), "bench", "report"));
      command.addAll(arguments);
      command.addAll(List.of("--rounds", "1", "--report", file.toString()));
      int code =
          new ProcessBuilder(command)
              .directory(root.toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      if (code != 0) {
        throw new ConfigException(
            "The report of %s ended with code %d; what it said is above.".formatted(root, code));
      }
      return JsonFile.read(file, BenchReport.class);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** A command line without some options, each of which has a value. */
  static List<String> without(Set<String> options, List<String> words) {
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      if (options.contains(words.get(i))) {
        i++; // its value
      } else if (!options.contains(words.get(i).replaceFirst("=.*", ""))) {
        kept.add(words.get(i));
      }
    }
    return kept;
  }

  /** This build over the other one, for all figures that both have. */
  static List<Table> ratios(List<BenchReport> ours, List<BenchReport> others) {
    List<Table> tables = new ArrayList<>();
    for (Table table : ours.get(0).tables()) {
      Map<String, String> columns = new LinkedHashMap<>();
      table.columns().keySet().forEach(column -> columns.put(column, "%.2f"));
      List<Table.Row> rows = new ArrayList<>();
      for (Table.Row row : table.rows()) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String column : columns.keySet()) {
          double[] pairs = new double[ours.size()];
          for (int pair = 0; pair < pairs.length; pair++) {
            pairs[pair] =
                figure(ours.get(pair), table.title(), row.name(), column)
                    / figure(others.get(pair), table.title(), row.name(), column);
          }
          double median = Rounds.median(pairs);
          if (Double.isFinite(median)) {
            figures.put(column, median);
          }
        }
        if (!figures.isEmpty()) {
          rows.add(new Table.Row(row.name(), figures));
        }
      }
      tables.add(
          new Table(
              table.title() + ", over the baseline",
              "Each figure of this build over that of the baseline, median of the pairs.",
              columns,
              rows));
    }
    return tables;
  }

  private static double figure(BenchReport report, String title, String row, String column) {
    return report.tables().stream()
        .filter(table -> table.title().equals(title))
        .flatMap(table -> table.rows().stream())
        .filter(each -> each.name().equals(row) && each.figures().containsKey(column))
        .mapToDouble(each -> each.figures().get(column))
        .findFirst()
        .orElse(Double.NaN);
  }
}
