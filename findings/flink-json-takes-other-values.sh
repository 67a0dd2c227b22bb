#!/usr/bin/env bash
# Guess: a value of another kind than its column fails the record, or is NULL with ignore-parse-errors.
# So is: 5.9 in an INT is 5, 1.5 in a BIGINT 1, 1e300 in a FLOAT Infinity; in a BOOLEAN 1, "yes" and "" are FALSE.
#        Nothing fails, with both parsers of the format. 3,000,000,000 in an INT does fail.
# With:  Flink 2.3.0 (flink-json).
# So:    "forced": 1 of a foreign producer is FALSE. Declare such columns as STRING and judge them in the query.
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
        "{\"i\": 5.9, \"l\": 1.5, \"f\": 1e300, \"b\": 1}",
        "{\"i\": 5, \"l\": 1, \"f\": 1, \"b\": \"yes\"}",
        "{\"i\": \"5\", \"l\": 1, \"f\": 1, \"b\": \"\"}",
        "{\"i\": 5, \"l\": 1, \"f\": 1, \"b\": true}"));
    boolean same = true;
    for (boolean parser : new boolean[] {true, false}) {
      ENV.executeSql("CREATE TEMPORARY TABLE frames_%s (i INT, l BIGINT, f FLOAT, b BOOLEAN) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'json', 'json.decode.json-parser.enabled' = '%s')".formatted(parser, files.toUri(), parser));
      same &= rows("SELECT * FROM frames_" + parser).equals("[[5, 1, Infinity, false], [5, 1, 1.0, false], [5, 1, 1.0, false], [5, 1, 1.0, true]]");
    }
    Path wide = Files.createDirectory(Path.of("wide"));
    Files.writeString(wide.resolve("wide.json"), "{\"i\": 3000000000}");
    ENV.executeSql("CREATE TEMPORARY TABLE wide (i INT) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'json')".formatted(wide.toUri()));
    same &= rows("SELECT * FROM wide").contains("Fail to deserialize at field: i");
    System.out.println(same ? "ok: still so" : "changed: values of another kind are refused");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir classes
javac -nowarn -cp "$(cat classpath)" -d classes Finding.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
