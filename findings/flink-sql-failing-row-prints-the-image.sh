#!/usr/bin/env bash
# Guess: a row for which the model function throws fails the job with the function's own message.
# So is: the message also prints the whole input row, every byte of the image as a decimal number with a
#        comma: 100,000 bytes make a message of 450,000 characters, in the log, in the Web UI and in
#        what the client prints. An asynchronous function's message does the same.
# With:  Flink 2.3.0 (flink-table-planner-loader), a model provider of a few lines.
# So:    pictures (of people) end up in logs, and logs are filled by one bad image. A provider for images
#        catches everything and returns the error as a column.
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

  record Provider(String value, int columns) implements PredictRuntimeProvider {
    public ModelProvider copy() { return this; }
    public PredictFunction createPredictFunction(Context context) { return new Function(value, columns); }
  }

  public static class Function extends PredictFunction {
    final String value;
    final int columns;

    Function(String value, int columns) {
      this.value = value;
      this.columns = columns;
    }

    public Collection<RowData> predict(RowData input) {
      throw new IllegalArgumentException("not an image");
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
    ENV.executeSql("CREATE TEMPORARY VIEW images AS SELECT CAST(x'" + "ffd8ff7f".repeat(25_000) + "' AS BYTES) AS image");
    ENV.executeSql("CREATE TEMPORARY MODEL m INPUT (image BYTES) OUTPUT (class STRING) WITH ('provider' = 'says')");
    String longest = "";
    try (CloseableIterator<Row> all = ENV.executeSql("SELECT class FROM TABLE(ML_PREDICT(TABLE images, MODEL m, DESCRIPTOR(image)))").collect()) {
      all.forEachRemaining(row -> {});
    } catch (Exception e) {
      for (Throwable t = e; t != null; t = t.getCause()) if (String.valueOf(t.getMessage()).length() > longest.length()) longest = t.getMessage();
    }
    System.out.println("an image of 100,000 bytes, the longest message: " + longest.length() + " characters: " + longest.substring(0, Math.min(90, longest.length())) + "...");
    boolean same = longest.length() > 400_000 && longest.contains("[-1, -40, -1, 127, -1, -40");
    System.out.println(same ? "ok: still so" : "changed: messages no longer hold the row");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir -p classes/META-INF/services && echo Says > classes/META-INF/services/org.apache.flink.table.factories.Factory
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
