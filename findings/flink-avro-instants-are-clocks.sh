#!/usr/bin/env bash
# Guess: Avro's timestamp-millis, an instant, is read from a file as TIMESTAMP_LTZ; TIMESTAMP, a clock on a wall, is for
#        local-timestamp-millis.
# So is: TIMESTAMP_LTZ is refused ("Unsupported to derive Schema"), with 'avro.timestamp_mapping.legacy' = 'false' too,
#        and TIMESTAMP gives the clock of UTC, whatever the session's time zone: cast to an instant it is nine
#        hours off in Tokyo.
# With:  Flink 2.3.0 (flink-avro), the connector filesystem.
# So:    windows by the hour of the day and joins with times of other tables are hours off without an error. Declare
#        BIGINT, and TO_TIMESTAMP_LTZ(t, 3) in the query.
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
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-avro</artifactId><version>2.3.0</version></dependency>
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
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

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
    org.apache.avro.Schema schema = new org.apache.avro.Schema.Parser().parse(
        "{'type': 'record', 'name': 'Letter', 'fields': [{'name': 't', 'type': {'type': 'long', 'logicalType': 'timestamp-millis'}}]}".replace('\'', '"'));
    Path files = Files.createDirectory(Path.of("letters"));
    try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, files.resolve("letters.avro").toFile());
      GenericRecord letter = new GenericData.Record(schema);
      letter.put("t", 1772366400000L); // 2026-03-01T12:00:00Z
      writer.append(letter);
    }
    String with = " WITH ('connector' = 'filesystem', 'path' = '" + files.toUri() + "', 'format' = 'avro')";
    ENV.getConfig().set("table.local-time-zone", "Asia/Tokyo");
    ENV.executeSql("CREATE TEMPORARY TABLE instants (t TIMESTAMP_LTZ(3))" + with);
    ENV.executeSql("CREATE TEMPORARY TABLE clocks (t TIMESTAMP(3))" + with);
    ENV.executeSql("CREATE TEMPORARY TABLE mapped (t TIMESTAMP_LTZ(3))" + with.replace("'avro')", "'avro', 'avro.timestamp_mapping.legacy' = 'false')"));
    String instants = rows("SELECT t FROM instants"), clocks = rows("SELECT t, CAST(t AS TIMESTAMP_LTZ(3)) FROM clocks"), mapped = rows("SELECT t FROM mapped");
    ENV.executeSql("CREATE TEMPORARY TABLE numbers (t BIGINT)" + with);
    String numbers = rows("SELECT TO_TIMESTAMP_LTZ(t, 3) FROM numbers");
    boolean same = instants.contains("Unsupported to derive Schema for type: TIMESTAMP_LTZ(3)") && clocks.equals("[[2026-03-01T12:00, 2026-03-01T03:00:00Z]]") && mapped.equals(instants) && numbers.equals("[[2026-03-01T12:00:00Z]]");
    System.out.println(same ? "ok: still so" : "changed: instants are instants");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir classes
javac -nowarn -cp "$(cat classpath)" -d classes Finding.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
