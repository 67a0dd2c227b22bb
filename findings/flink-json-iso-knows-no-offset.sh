#!/usr/bin/env bash
# Guess: with json.timestamp-format.standard ISO-8601 a TIMESTAMP_LTZ reads what ISO 8601 and RFC 3339 write.
# So is: "Z" alone. +00:00, +02:00 and +0200 are refused, and with ignore-parse-errors NULL; so is the time without
#        any offset. A TIMESTAMP on the other hand refuses "Z". Without the option no "T" is read at all.
# With:  Flink 2.3.0 (flink-json).
# So:    Python's isoformat() ends in +00:00: such times fail the job, or are NULL without a word. Producers send "Z"
#        or milliseconds; or declare STRING.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-streaming-java</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-clients</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-table-api-java-bridge</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-table-planner-loader</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-table-runtime</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-files</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-json</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.nio.file.*;
import java.util.*;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

public class Finding {
  static final TableEnvironment ENV = TableEnvironment.create(EnvironmentSettings.newInstance().inBatchMode().build());

  /** The rows of a query, or what its failure says at its root. */
  static String rows(String query) {
    List<String> rows = new ArrayList<>();
    try (CloseableIterator<Row> all = ENV.executeSql(query).collect()) {
      all.forEachRemaining(row -> rows.add(row.toString().substring(2)));
      System.out.println(query + "\n  " + rows);
      return rows.toString();
    } catch (Exception e) {
      Throwable root = e;
      while (root.getCause() != null) root = root.getCause();
      System.out.println(query + "\n  " + root);
      return root.toString();
    }
  }

  public static void main(String[] args) throws Exception {
    System.out.println("Flink " + org.apache.flink.runtime.util.EnvironmentInformation.getVersion());
    ENV.getConfig().set("parallelism.default", "1");
    ENV.getConfig().set("restart-strategy.type", "disable");
    Path files = Files.createDirectory(Path.of("frames"));
    Files.writeString(files.resolve("frames.json"), String.join("\n",
        "{\"t\": \"2026-03-01T12:00:00Z\"}", "{\"t\": \"2026-03-01T12:00:00+00:00\"}",
        "{\"t\": \"2026-03-01T14:00:00+02:00\"}", "{\"t\": \"2026-03-01T14:00:00+0200\"}", "{\"t\": \"2026-03-01T12:00:00\"}"));
    String options = " WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'json', 'json.ignore-parse-errors' = 'true'%s)";
    String iso = options.formatted(files.toUri(), ", 'json.timestamp-format.standard' = 'ISO-8601'");
    ENV.executeSql("CREATE TEMPORARY TABLE instants (t TIMESTAMP_LTZ(3))" + iso);
    ENV.executeSql("CREATE TEMPORARY TABLE clocks (t TIMESTAMP(3))" + iso);
    ENV.executeSql("CREATE TEMPORARY TABLE usual (t TIMESTAMP_LTZ(3))" + options.formatted(files.toUri(), ""));
    String instants = rows("SELECT t FROM instants"), clocks = rows("SELECT t FROM clocks"), usual = rows("SELECT t FROM usual");
    ENV.executeSql("CREATE TEMPORARY TABLE strict (t TIMESTAMP_LTZ(3)) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601')".formatted(files.toUri()));
    String strict = rows("SELECT t FROM strict");
    boolean same = instants.equals("[[2026-03-01T12:00:00Z], [null], [null], [null], [null]]") && clocks.equals("[[null], [null], [null], [null], [2026-03-01T12:00]]") && usual.equals("[[null], [null], [null], [null], [null]]") && strict.contains("Fail to deserialize at field: t");
    System.out.println(same ? "ok: still so" : "changed: offsets are read");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir classes
javac -nowarn -cp "$(cat classpath)" -d classes Finding.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
