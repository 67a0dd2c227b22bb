#!/usr/bin/env bash
# Guess: SELECT ... FROM TABLE(ML_PREDICT(TABLE frames, ...)) WHERE id = 1 asks the model for the one
#        row that the condition leaves, and a query that uses none of the model's columns asks for none.
# So is: nothing is pushed below the call, as it is below a join or a view: 10 rows, 10 calls, for a
#        condition on a column of the table, for a projection without the model's columns, and for
#        both. Only a condition written into a view or subquery below the call saves calls (1 here).
# With:  Flink 2.3.0 (flink-table-planner-loader), a model provider of a few lines.
# So:    the plain way to write it pays for every frame of the topic. Filter in a view that the call
#        reads, and look whether the model stands above the filter in EXPLAIN.
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

cat > Says.java <<'END'
import java.util.*;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.data.*;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.functions.*;
import org.apache.flink.table.ml.*;

/** A model that counts how often it is asked. */
public class Says implements ModelProviderFactory {
  static final AtomicInteger CALLS = new AtomicInteger();

  public String factoryIdentifier() { return "says"; }
  public Set<ConfigOption<?>> requiredOptions() { return Set.of(); }
  public Set<ConfigOption<?>> optionalOptions() { return Set.of(); }
  public ModelProvider createModelProvider(Context context) { return new Provider(); }

  record Provider() implements PredictRuntimeProvider {
    public ModelProvider copy() { return this; }
    public PredictFunction createPredictFunction(Context context) { return new Function(); }
  }

  public static class Function extends PredictFunction {
    public Collection<RowData> predict(RowData input) {
      CALLS.incrementAndGet();
      return List.of(GenericRowData.of(StringData.fromString("cat")));
    }
  }
}
END

cat > Finding.java <<'END'
import java.util.*;
import org.apache.flink.table.api.*;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

public class Finding {
  static final TableEnvironment ENV = TableEnvironment.create(EnvironmentSettings.inStreamingMode());

  static int calls(String query) throws Exception {
    Says.CALLS.set(0);
    int rows = 0;
    try (CloseableIterator<Row> all = ENV.executeSql(query).collect()) {
      for (; all.hasNext(); rows++) all.next();
    }
    System.out.println(query + "\n  " + rows + " rows, the model was asked " + Says.CALLS + " times");
    return Says.CALLS.get();
  }

  public static void main(String[] args) throws Exception {
    System.out.println("Flink " + org.apache.flink.runtime.util.EnvironmentInformation.getVersion());
    ENV.getConfig().set("parallelism.default", "1");
    ENV.executeSql("CREATE TABLE frames (id INT, camera STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '10', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '10', 'fields.camera.length' = '3')");
    ENV.executeSql("CREATE MODEL m INPUT (x STRING) OUTPUT (class STRING) WITH ('provider' = 'says')");
    String call = "TABLE(ML_PREDICT(TABLE %s, MODEL m, DESCRIPTOR(camera)))";
    int filtered = calls("SELECT id, class FROM " + call.formatted("frames") + " WHERE id = 1");
    int projected = calls("SELECT id FROM " + call.formatted("frames"));
    int both = calls("SELECT id FROM " + call.formatted("frames") + " WHERE id = 1");
    ENV.executeSql("CREATE VIEW chosen AS SELECT * FROM frames WHERE id = 1");
    int below = calls("SELECT id, class FROM " + call.formatted("chosen"));
    boolean same = filtered == 10 && projected == 10 && both == 10 && below == 1;
    System.out.println(same ? "ok: still so" : "changed: conditions or projections are pushed below the model");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir -p classes/META-INF/services && echo Says > classes/META-INF/services/org.apache.flink.table.factories.Factory
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
