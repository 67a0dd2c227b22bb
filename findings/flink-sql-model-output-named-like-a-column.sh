#!/usr/bin/env bash
# Guess: a model whose output column has the name of a column of the table is refused, or its output
#        takes the place of that column.
# So is: the output is renamed to label0 in silence, and "label" goes on giving the table's column: over
#        labelled data a query reads the truth, and takes it for the prediction.
# With:  Flink 2.3.0 (flink-table-planner-loader), a model provider of a few lines.
# So:    an evaluation in SQL can come out at 100 %. Give a model's outputs names that no table has
#        (predicted_class), and select them by name.
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
      GenericRowData row = new GenericRowData(columns);
      row.setField(0, StringData.fromString(value));
      return List.of(row);
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
    ENV.executeSql("CREATE TEMPORARY MODEL m INPUT (x INT) OUTPUT (label STRING) WITH ('provider' = 'says', 'value' = 'predicted')");
    String predict = " FROM TABLE(ML_PREDICT(TABLE frames, MODEL m, DESCRIPTOR(id)))";
    boolean same = rows("SELECT label" + predict).equals(List.of("+I[cat]", "+I[dog]"))
        & rows("SELECT *" + predict).equals(List.of("+I[1, cat, predicted]", "+I[2, dog, predicted]"));
    System.out.println(same ? "ok: still so" : "changed: equal names are refused, or the output counts");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir -p classes/META-INF/services && echo Says > classes/META-INF/services/org.apache.flink.table.factories.Factory
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
