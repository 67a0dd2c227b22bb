#!/usr/bin/env bash
# Guess: two metrics of one operator with different names are two series, and a gauge that has no value
#        yet (null) or a text has no sample.
# So is: names keep letters, digits and "_" alone, so "exits-early" and "exits.early" become one name, and the
#        one registered first is gone without a word. A gauge of null, a text or a list is exported as
#        0.0. Counters are typed gauge. A group without a value ("stage") beside ones with a value
#        ("stage" = 1) has the same name with other labels, and is dropped (one warning in the log).
# With:  Flink 2.3.0, flink-metrics-prometheus 2.3.0.
# So:    "no measurement" reads as 0 (a threshold of 0, a backlog of 0): give NaN instead, which is
#        exported as NaN. Names in camel case, one shape of labels per name.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-metrics-prometheus</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-streaming-java</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-clients</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.net.*;
import java.net.http.*;
import java.util.*;
import org.apache.flink.api.common.functions.*;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.*;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

public class Finding {
  public static class Stage extends RichMapFunction<Long, Long> {
    @Override
    public void open(OpenContext context) {
      MetricGroup group = getRuntimeContext().getMetricGroup();
      group.counter("exits-early").inc(5);
      group.gauge("exits.early", () -> 7);
      group.gauge("unknown", () -> null);
      group.gauge("text", () -> "none");
      group.gauge("missing", () -> Double.NaN);
      group.addGroup("stage", "1").counter("exits").inc(3);
      group.addGroup("stage").counter("exits").inc(9);
    }

    @Override
    public Long map(Long x) throws InterruptedException {
      Thread.sleep(20);
      return x;
    }
  }

  static String scrape(int port) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics")).build();
    try {
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (java.io.IOException e) {
      return "no answer: " + e.getMessage();
    }
  }

  public static void main(String[] args) throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Configuration configuration = new Configuration();
    configuration.setString("rest.port", "0");
    configuration.setString("metrics.reporter.prom.factory.class", "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
    configuration.setString("metrics.reporter.prom.port", "" + port);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(1);
    System.out.println("Flink " + org.apache.flink.runtime.util.EnvironmentInformation.getVersion());
    env.fromSequence(1, 1_000_000).map(new Stage()).returns(Types.LONG).sinkTo(new org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink<>());
    env.executeAsync();
    String all = "";
    for (int i = 0; i < 300 && !all.contains("_missing{"); i++) {
      Thread.sleep(100);
      all = scrape(port);
    }
    Map<String, List<String>> samples = new TreeMap<>();
    for (String line : all.split("\n"))
      for (String name : List.of("exits_early", "unknown", "text", "missing", "stage_exits"))
        if (line.startsWith("flink_taskmanager_job_task_operator_" + name + "{")) samples.computeIfAbsent(name, n -> new ArrayList<>()).add(line.replaceAll(".*} ", ""));
    boolean counterIsGauge = all.contains("# TYPE flink_taskmanager_job_task_operator_stage_exits gauge");
    System.out.println("samples: " + samples + ", the counter stage_exits is typed " + (counterIsGauge ? "gauge" : "otherwise"));
    boolean same = samples.toString().equals("{exits_early=[7.0], missing=[NaN], stage_exits=[3.0], text=[0.0], unknown=[0.0]}") && counterIsGauge;
    System.out.println(same ? "ok: still so" : "changed: other series or values");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
