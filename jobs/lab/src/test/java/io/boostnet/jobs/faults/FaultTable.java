package io.boostnet.jobs.faults;

import io.boostnet.jobs.files.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The faults of one run of the suite, written to target/faults after each. */
final class FaultTable {

  private static final Path DIRECTORY = Path.of("target", "faults");

  private final String name;
  private final List<FaultRow> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param name of its files
   */
  FaultTable(String name) {
    this.name = name;
  }

  /** Adds a row and writes the table anew. */
  void add(FaultRow row) throws IOException {
    rows.add(row);
    JsonFile.write(DIRECTORY.resolve(name + ".json"), rows);
    Files.writeString(DIRECTORY.resolve(name + ".md"), markdown());
  }

  private String markdown() {
    StringBuilder table =
        new StringBuilder(
            """
            | fault | lasted | recovered in | published | predictions | dead letters | lost | doubled | mean cost |
            |---|---|---|---|---|---|---|---|---|
            """);
    for (FaultRow row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %.1f s | %.1f s | %d | %d | %d | %d | %d | %.3f |%n",
              row.fault(),
              row.lastedSeconds(),
              row.recoveredSeconds(),
              row.published(),
              row.predictions(),
              row.deadLetters(),
              row.lost(),
              row.doubled(),
              row.meanCost()));
    }
    return table.toString();
  }
}
