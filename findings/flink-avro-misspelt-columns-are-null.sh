#!/usr/bin/env bash
# Guess: a column that the records do not have is refused, or fails.
# So is: it is NULL in every row, as each column becomes a nullable field with NULL for its default; "Sequence" is not
#        "sequence". Declared NOT NULL it fails, with the name.
# With:  Flink 2.3.0 (flink-avro).
# So:    a misspelt column looks like a field that nobody fills. Declare NOT NULL what is always there.
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
        "{'type': 'record', 'name': 'Letter', 'fields': [{'name': 'sequence', 'type': 'long'}, {'name': 'sourceId', 'type': 'string'}]}".replace('\'', '"'));
    Path files = Files.createDirectory(Path.of("letters"));
    try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, files.resolve("letters.avro").toFile());
      GenericRecord letter = new GenericData.Record(schema);
      letter.put("sequence", 7L);
      letter.put("sourceId", "gate-4");
      writer.append(letter);
    }
    String with = " WITH ('connector' = 'filesystem', 'path' = '" + files.toUri() + "', 'format' = 'avro')";
    ENV.executeSql("CREATE TEMPORARY TABLE misspelt (Sequence BIGINT, source_id STRING, sourceId STRING)" + with);
    ENV.executeSql("CREATE TEMPORARY TABLE firm (Sequence BIGINT NOT NULL)" + with);
    String misspelt = rows("SELECT * FROM misspelt"), firm = rows("SELECT * FROM firm");
    boolean same = misspelt.equals("[[null, null, gate-4]]") && firm.contains("Sequence");
    System.out.println(same ? "ok: still so" : "changed: columns must be there");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir classes
javac -nowarn -cp "$(cat classpath)" -d classes Finding.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
