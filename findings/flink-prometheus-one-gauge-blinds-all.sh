#!/usr/bin/env bash
# Guess: a gauge that throws is left out of the scrape, and all other metrics are there.
# So is: while one gauge of one operator throws, the Prometheus endpoint of that whole TaskManager
#        answers nothing: the connection is closed without a byte, for Flink's metrics of memory and
#        checkpoints as well. When the gauge is well again, all is there again.
# With:  Flink 2.3.0, flink-metrics-prometheus 2.3.0.
# So:    a gauge that reads a closed or empty thing makes every alert on that machine silent (or fires
#        "down"). Gauges read a plain volatile value and never throw.
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
  static volatile boolean fails;

  public static class Stage extends RichMapFunction<Long, Long> {
    @Override
    public void open(OpenContext context) {
      MetricGroup group = getRuntimeContext().getMetricGroup();
      group.gauge("broken", () -> {
        if (fails) throw new IllegalStateException("no batch yet");
        return 1;
      });
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
    String before = "";
    for (int i = 0; i < 300 && !before.contains("_broken{"); i++) {
      before = scrape(port);
      Thread.sleep(100);
    }
    fails = true;
    String during = scrape(port);
    fails = false;
    String after = scrape(port);
    System.out.println("gauge well: " + before.lines().count() + " lines; gauge throws: " + during + "; well again: " + after.lines().count() + " lines");
    boolean same = before.contains("_broken{") && during.startsWith("no answer") && after.contains("_broken{") && after.contains("Status_JVM_Memory");
    System.out.println(same ? "ok: still so" : "changed: the other metrics are answered");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
