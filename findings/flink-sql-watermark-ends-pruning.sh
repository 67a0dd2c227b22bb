#!/usr/bin/env bash
# Guess: WHERE camera = 'a' on a table partitioned by camera reads that camera's files alone, whether or
#        not the table declares a WATERMARK.
# So is: the line WATERMARK FOR ... in CREATE TABLE ends it: no condition reaches the source any more,
#        neither for pruning partitions nor as a filter. All files are read and the rows of the other
#        cameras thrown away afterwards. Seen here by a broken file of another camera: the query
#        without the watermark gives its rows, the one with it fails on that file.
# With:  Flink 2.3.0 (flink-table-planner-loader, flink-connector-files, flink-csv).
# So:    event time, which windows need, makes every query read everything. Choose with what no planner
#        has to push: another path or topic in the table's options.
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
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-csv</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.nio.file.*;
import java.util.*;
import org.apache.flink.table.api.*;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

public class Finding {
  static final TableEnvironment ENV = TableEnvironment.create(EnvironmentSettings.inStreamingMode());

  static String plan(String query) {
    String plan = ENV.explainSql(query);
    String scan = plan.substring(plan.lastIndexOf("TableSourceScan("));
    return scan.substring(0, scan.indexOf("\n"));
  }

  static String rows(String query) {
    List<String> rows = new ArrayList<>();
    try (CloseableIterator<Row> all = ENV.executeSql(query).collect()) {
      all.forEachRemaining(row -> rows.add(row.toString()));
      return rows.toString();
    } catch (Exception e) {
      Throwable root = e;
      while (root.getCause() != null) root = root.getCause();
      return "fails: " + root.getMessage().lines().findFirst().orElse("");
    }
  }

  public static void main(String[] args) throws Exception {
    System.out.println("Flink " + org.apache.flink.runtime.util.EnvironmentInformation.getVersion());
    ENV.getConfig().set("parallelism.default", "1");
    ENV.getConfig().set("restart-strategy.type", "disable");
    Path root = Files.createDirectories(Path.of("frames")).toAbsolutePath();
    Files.writeString(Files.createDirectories(root.resolve("camera=a")).resolve("1.csv"), "1,2026-01-01 00:00:00\n2,2026-01-01 00:00:01\n");
    Files.writeString(Files.createDirectories(root.resolve("camera=b")).resolve("1.csv"), "no number,2026-01-01 00:00:00\n");
    String columns = "id INT, captured TIMESTAMP(3), camera STRING";
    String with = ") PARTITIONED BY (camera) WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = '" + root.toUri() + "')";
    ENV.executeSql("CREATE TABLE plain (" + columns + with);
    ENV.executeSql("CREATE TABLE timed (" + columns + ", WATERMARK FOR captured AS captured - INTERVAL '1' SECOND" + with);
    String query = "SELECT id FROM %s WHERE camera = 'a'";
    Map<String, String> plans = new LinkedHashMap<>(), results = new LinkedHashMap<>();
    for (String table : List.of("plain", "timed")) {
      plans.put(table, plan(query.formatted(table)));
      results.put(table, rows(query.formatted(table)));
      System.out.println(query.formatted(table) + "\n  " + plans.get(table) + "\n  " + results.get(table));
    }
    boolean same = plans.get("plain").contains("partitions=[{camera=a}]") && !plans.get("timed").contains("partitions=")
        && results.get("plain").equals("[+I[1], +I[2]]") && results.get("timed").startsWith("fails: ");
    System.out.println(same ? "ok: still so" : "changed: conditions reach a source with a watermark");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir -p classes
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
