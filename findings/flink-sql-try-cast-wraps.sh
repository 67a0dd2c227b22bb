#!/usr/bin/env bash
# Guess: a number that does not fit fails in CAST and is NULL in TRY_CAST, which exists for that.
# So is: both wrap or saturate: 3,000,000,000 is -1,294,967,296 as INT, 300 is 44 as TINYINT, 3e30 is 2147483647.
#        Text that does not fit is refused, NULL in TRY_CAST.
# With:  Flink 2.3.0 (flink-table-planner-loader).
# So:    sequences and times in milliseconds become other numbers in a column that is too narrow. Declare
#        BIGINT, and compare with the range before a CAST.
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
    String values = "(VALUES (CAST(3000000000 AS BIGINT), 300, CAST(3e30 AS DOUBLE), '3000000000')) AS t(wide, small, far, text)";
    String cast = rows("SELECT CAST(wide AS INT), CAST(small AS TINYINT), CAST(far AS INT) FROM " + values);
    String tried = rows("SELECT TRY_CAST(wide AS INT), TRY_CAST(small AS TINYINT), TRY_CAST(far AS INT) FROM " + values);
    String text = rows("SELECT TRY_CAST(text AS INT) FROM " + values);
    boolean same = cast.equals("[[-1294967296, 44, 2147483647]]") && tried.equals(cast) && text.equals("[[null]]");
    System.out.println(same ? "ok: still so" : "changed: what does not fit is told");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir classes
javac -nowarn -cp "$(cat classpath)" -d classes Finding.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
