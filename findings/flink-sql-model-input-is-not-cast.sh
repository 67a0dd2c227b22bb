#!/usr/bin/env bash
# Guess: an INT column given to a model whose input is DOUBLE (or BIGINT) is either refused or cast, as
#        in any other function call of SQL.
# So is: the check lets it pass, since INT could be cast, but no cast is made: the function gets an
#        Integer in its row, and the obvious getDouble(0) throws ClassCastException for the first row.
#        A STRING for an INT input is refused in one clear sentence.
# With:  Flink 2.3.0 (flink-table-planner-loader), a model provider of a few lines.
# So:    a provider converts by the type that it sees (or refuses), and docs say CAST(x AS DOUBLE).
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
      Object seen = ((GenericRowData) input).getField(0);
      GenericRowData row = new GenericRowData(columns);
      row.setField(0, StringData.fromString(seen.getClass().getSimpleName()));
      try {
        input.getDouble(0);
        row.setField(1, StringData.fromString("a number"));
      } catch (ClassCastException e) {
        row.setField(1, StringData.fromString("ClassCastException"));
      }
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
    for (String type : List.of("DOUBLE", "BIGINT"))
      ENV.executeSql("CREATE TEMPORARY MODEL m%s INPUT (x %s) OUTPUT (seen STRING, asdouble STRING) WITH ('provider' = 'says')".formatted(type, type));
    String query = "SELECT seen, asdouble FROM TABLE(ML_PREDICT(TABLE frames, MODEL m%s, DESCRIPTOR(%s)))";
    boolean same = rows(query.formatted("DOUBLE", "id")).get(0).equals("+I[Integer, ClassCastException]")
        & rows(query.formatted("BIGINT", "id")).get(0).equals("+I[Integer, ClassCastException]");
    try {
      rows(query.formatted("DOUBLE", "label"));
      same = false;
    } catch (ValidationException e) {
      Throwable t = e;
      while (t.getCause() != null) t = t.getCause();
      System.out.println(t.getMessage());
    }
    System.out.println(same ? "ok: still so" : "changed: inputs are cast, or refused");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir -p classes/META-INF/services && echo Says > classes/META-INF/services/org.apache.flink.table.factories.Factory
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
