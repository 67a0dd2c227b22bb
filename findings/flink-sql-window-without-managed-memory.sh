#!/usr/bin/env bash
# Guess: streaming SQL with state on the heap needs no managed memory, which is for RocksDB, batch and
#        Python: with taskmanager.memory.managed.size 0 a windowed count runs, or is refused with the
#        name of the setting.
# So is: the usual two-phase window aggregate gathers its counts in managed memory. Without any its task
#        fails at once with "NullPointerException: Initial Segment may not be null", and again after
#        every restart. The same query in one phase (table.optimizer.agg-phase-strategy ONE_PHASE)
#        fails the same way; with 32 MB it runs, and a count without a window runs with none.
# With:  Flink 2.3.0 (flink-table-planner-loader), heap state backend.
# So:    a cluster sized for a job without RocksDB cannot run windows of SQL, and says nothing that
#        leads there. Leave managed memory some tens of MB a slot.
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
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-datagen</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.util.*;
import org.apache.flink.configuration.*;
import org.apache.flink.table.api.*;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

public class Finding {
  static String rows(String managed, String phases, String query) {
    Configuration flink = new Configuration();
    flink.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.parse(managed));
    TableEnvironment env = TableEnvironment.create(EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(flink).build());
    env.getConfig().set("parallelism.default", "1");
    env.getConfig().set("restart-strategy.type", "disable");
    env.getConfig().set("table.optimizer.agg-phase-strategy", phases);
    env.executeSql("CREATE TABLE frames (id INT, captured AS TO_TIMESTAMP_LTZ(id * 1000, 3), WATERMARK FOR captured AS captured) WITH ('connector' = 'datagen', 'number-of-rows' = '10', 'fields.id.kind' = 'sequence', 'fields.id.start' = '0', 'fields.id.end' = '9')");
    String said;
    List<String> rows = new ArrayList<>();
    try (CloseableIterator<Row> all = env.executeSql(query).collect()) {
      all.forEachRemaining(row -> rows.add(row.toString()));
      said = rows.toString();
    } catch (Exception e) {
      Throwable root = e;
      while (root.getCause() != null) root = root.getCause();
      said = "fails: " + root;
    }
    System.out.println("managed memory " + managed + ", " + phases + ": " + said);
    return said;
  }

  public static void main(String[] args) throws Exception {
    System.out.println("Flink " + org.apache.flink.runtime.util.EnvironmentInformation.getVersion());
    String windows = "SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE frames, DESCRIPTOR(captured), INTERVAL '5' SECOND)) GROUP BY window_start, window_end";
    String two = rows("0m", "AUTO", windows);
    String one = rows("0m", "ONE_PHASE", windows);
    String some = rows("32m", "AUTO", windows);
    String plain = rows("0m", "AUTO", "SELECT COUNT(*) FROM frames");
    String npe = "fails: java.lang.NullPointerException: Initial Segment may not be null";
    boolean same = two.equals(npe) && one.equals(npe) && some.startsWith("[+I[") && plain.startsWith("[+I[");
    System.out.println(same ? "ok: still so" : "changed: windows do without managed memory, or say what they miss");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END
mkdir -p classes
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
