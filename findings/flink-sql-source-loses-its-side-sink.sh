#!/usr/bin/env bash
# Guess: what a DataStreamScanProvider wires is part of the query's job: a sink that it attaches to a
#        side output (for records that cannot be read) runs with it, or is refused.
# So is: the planner follows the inputs of the query's own sinks and translates nothing else. The side
#        sink is not in the job graph, its records vanish, no warning; the rows are complete. The same
#        DataStream code in a plain job writes all of them.
# With:  Flink 2.3.0 (flink-table-planner-loader), a table source of a few lines.
# So:    a connector that sends bad records elsewhere looks right and loses every one of them. The
#        sink has to be reachable from the rows: here as a second input of a union with them.
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

cat > Numbers.java <<'END'
import java.util.*;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.typeinfo.*;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.streaming.api.datastream.*;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.connector.*;
import org.apache.flink.table.connector.source.*;
import org.apache.flink.table.data.*;
import org.apache.flink.table.factories.*;
import org.apache.flink.util.*;

/** Rows of the even numbers of 1 to 10; the odd ones, which are bad, go to a side output and its sink. */
public class Numbers implements DynamicTableSourceFactory {
  static final AtomicInteger SUNK = new AtomicInteger();
  static final OutputTag<Long> BAD = new OutputTag<>("bad", Types.LONG);

  static SingleOutputStreamOperator<RowData> wire(StreamExecutionEnvironment env, TypeInformation<RowData> type) {
    SingleOutputStreamOperator<RowData> rows = env.fromSequence(1, 10).process(new ProcessFunction<Long, RowData>() {
      @Override
      public void processElement(Long n, Context context, Collector<RowData> out) {
        if (n % 2 == 1) context.output(BAD, n); else out.collect(GenericRowData.of(n));
      }
    }).returns(type);
    rows.getSideOutput(BAD).map(n -> { SUNK.incrementAndGet(); return n; }).returns(Types.LONG).sinkTo(new DiscardingSink<>()).name("bad-numbers");
    return rows;
  }

  public String factoryIdentifier() { return "numbers"; }
  public Set<ConfigOption<?>> requiredOptions() { return Set.of(); }
  public Set<ConfigOption<?>> optionalOptions() { return Set.of(); }

  public DynamicTableSource createDynamicTableSource(Context table) { return new Source(table.getPhysicalRowDataType()); }

  record Source(org.apache.flink.table.types.DataType row) implements ScanTableSource {
    public DynamicTableSource copy() { return this; }
    public String asSummaryString() { return "numbers"; }
    public ChangelogMode getChangelogMode() { return ChangelogMode.insertOnly(); }
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
      TypeInformation<RowData> type = context.createTypeInformation(row);
      return new DataStreamScanProvider() {
        public boolean isBounded() { return true; }
        public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment env) { return wire(env, type); }
      };
    }
  }
}
END

cat > Finding.java <<'END'
import java.util.*;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.*;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

public class Finding {
  public static void main(String[] args) throws Exception {
    System.out.println("Flink " + org.apache.flink.runtime.util.EnvironmentInformation.getVersion());
    StreamExecutionEnvironment plain = StreamExecutionEnvironment.getExecutionEnvironment();
    plain.setParallelism(1);
    Numbers.wire(plain, TypeInformation.of(RowData.class)).sinkTo(new DiscardingSink<>());
    plain.execute();
    int inPlain = Numbers.SUNK.getAndSet(0);
    System.out.println("a plain DataStream job: " + inPlain + " bad numbers reached their sink");

    TableEnvironment env = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    env.getConfig().set("parallelism.default", "1");
    env.executeSql("CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'numbers')");
    int rows = 0;
    try (CloseableIterator<Row> all = env.executeSql("SELECT n FROM numbers").collect()) {
      for (; all.hasNext(); rows++) all.next();
    }
    int inSql = Numbers.SUNK.get();
    System.out.println("SELECT n FROM numbers: " + rows + " rows, " + inSql + " bad numbers reached their sink");
    boolean same = inPlain == 5 && rows == 5 && inSql == 0;
    System.out.println(same ? "ok: still so" : "changed: the side sink is in the job");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir -p classes/META-INF/services && echo Numbers > classes/META-INF/services/org.apache.flink.table.factories.Factory
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
