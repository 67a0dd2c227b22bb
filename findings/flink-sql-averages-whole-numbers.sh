#!/usr/bin/env bash
# Guess: AVG of 1, 1 and 0 is 0.67.
# So is: it is 0: AVG of whole numbers is a whole number, cut off, and so is SUM / COUNT. Over a window of a
#        thousand frames an accuracy of 99.9 % is 0.
# With:  Flink 2.3.0 (flink-table-planner-loader).
# So:    accuracy of a table of predictions is AVG(CASE WHEN label = trueLabel THEN 1.0E0 ELSE 0 END), or an AVG
#        of a CAST to DOUBLE.
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
    String hits = "(VALUES (1), (1), (0)) AS t(hit)";
    String plain = rows("SELECT AVG(hit), SUM(hit) / COUNT(*) FROM " + hits);
    String cased = rows("SELECT AVG(CASE WHEN hit = 1 THEN 1 ELSE 0 END) FROM " + hits);
    String wide = rows("SELECT AVG(CASE WHEN hit = 1 THEN 1.0E0 ELSE 0 END), AVG(CAST(hit AS DOUBLE)) FROM " + hits);
    boolean same = plain.equals("[[0, 0]]") && cased.equals("[[0]]") && wide.startsWith("[[0.66") && !wide.contains(" 0]");
    System.out.println(same ? "ok: still so" : "changed: AVG has a fraction");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir classes
javac -nowarn -cp "$(cat classpath)" -d classes Finding.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
