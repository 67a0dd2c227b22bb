#!/usr/bin/env bash
# Guess: an asynchronous model function that completes with null fails the row at once, with a message
#        that speaks of null (or counts as no result, like an empty collection).
# So is: nothing happens until the call's time-out (180 s unless set), and then the job fails with
#        "Async function call has timed out", though the function answered in no time. An empty
#        collection drops the row, which is silent too.
# With:  Flink 2.3.0 (flink-table-planner-loader), a model provider of a few lines.
# So:    a forgotten null looks like a slow model, for three minutes a try. A provider always
#        completes with one row per row, with an error column for what failed.
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

cat > Says.java <<'END'
import java.util.*;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.data.*;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.functions.*;
import org.apache.flink.table.ml.*;

/** A model that says one thing: CREATE MODEL ... WITH ('provider' = 'says', 'value' = '...'). */
public class Says implements ModelProviderFactory {
  public String factoryIdentifier() { return "says"; }
  public Set<ConfigOption<?>> requiredOptions() { return Set.of(); }
  public Set<ConfigOption<?>> optionalOptions() { return Set.of(); }

  public ModelProvider createModelProvider(Context context) {
    return new Provider(context.getCatalogModel().getOptions().get("value"), context.getCatalogModel().getResolvedOutputSchema().getColumnCount());
  }

  record Provider(String value, int columns) implements AsyncPredictRuntimeProvider {
    public ModelProvider copy() { return this; }
    public AsyncPredictFunction createAsyncPredictFunction(Context context) { return new Function(value, columns); }
  }

  public static class Function extends AsyncPredictFunction {
    final String value;
    final int columns;

    Function(String value, int columns) {
      this.value = value;
      this.columns = columns;
    }

    public CompletableFuture<Collection<RowData>> asyncPredict(RowData input) {
      return CompletableFuture.completedFuture(value.equals("null") ? null : List.of());
    }
  }
}
END

cat > Finding.java <<'END'
import java.util.*;
import org.apache.flink.table.api.*;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.types.Row;

public class Finding {
  static final TableEnvironment ENV = TableEnvironment.create(EnvironmentSettings.newInstance().inStreamingMode().build());

  static List<String> rows(String query) throws Exception {
    List<String> rows = new ArrayList<>();
    TableResult result = ENV.executeSql(query);
    try (CloseableIterator<Row> all = result.collect()) {
      all.forEachRemaining(row -> rows.add(row.toString()));
    }
    System.out.println(query + "\n  " + result.getResolvedSchema().getColumnNames() + " " + rows);
    return rows;
  }

  public static void main(String[] args) throws Exception {
    System.out.println("Flink " + org.apache.flink.runtime.util.EnvironmentInformation.getVersion());
    ENV.getConfig().set("parallelism.default", "1");
    ENV.getConfig().set("restart-strategy.type", "disable");
    ENV.executeSql("CREATE TEMPORARY VIEW frames AS SELECT * FROM (VALUES (1, 'cat'), (2, 'dog')) AS t(id, label)");
    ENV.executeSql("CREATE TEMPORARY MODEL silent INPUT (x INT) OUTPUT (y STRING) WITH ('provider' = 'says', 'value' = 'null')");
    ENV.executeSql("CREATE TEMPORARY MODEL hollow INPUT (x INT) OUTPUT (y STRING) WITH ('provider' = 'says', 'value' = 'empty')");
    String query = "SELECT id, y FROM TABLE(ML_PREDICT(TABLE frames, MODEL %s, DESCRIPTOR(id), MAP['async', 'true', 'timeout', '3s']))";
    boolean dropped = rows(query.formatted("hollow")).isEmpty();
    String root = "";
    long began = System.nanoTime();
    try {
      rows(query.formatted("silent"));
    } catch (Exception e) {
      Throwable t = e;
      while (t.getCause() != null) t = t.getCause();
      root = t.toString();
    }
    boolean waited = System.nanoTime() - began > 3_000_000_000L;
    System.out.println("completed with null at once, time-out set to 3 s: " + root + (waited ? ", after more than 3 s" : ", at once"));
    boolean same = dropped && waited && root.contains("Async function call has timed out");
    System.out.println(same ? "ok: still so" : "changed: null is reported as what it is");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir -p classes/META-INF/services && echo Says > classes/META-INF/services/org.apache.flink.table.factories.Factory
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
