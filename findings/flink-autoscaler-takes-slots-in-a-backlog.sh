#!/usr/bin/env bash
# Guess: a job whose two subtasks are 99 % busy keeps its slots or gets more.
# So is: while a backlog is worked off the autoscaler counts what arrives (records read plus the growth of the lag,
#        which shrinks) against what a busy second reads: 963 of 3,333 a second ask for one slot. Its default for
#        the backlog, 30 minutes to catch up, adds 11 a second of a lag of 20,000; only a short one keeps the slots
#        (and, with the default restart.time of 5 minutes, asks for 11 times the load: all 8 that are allowed).
# With:  flink-autoscaler 1.10.0, Flink 1.19.3's classes, a history of 30 s of one source, a target utilization of 0.7,
#        a restart that takes no time unless told; scale-down.interval is 0, which by default puts the decision off for an hour.
# So:    where the rate that a slot reads is no fixed one (quality is lowered while a backlog lasts), fewer slots
#        than the load needs afterwards are decided on. docs/autoscaling.md: scale-down.interval of an hour.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-autoscaler</artifactId><version>1.10.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-clients</artifactId><version>1.19.3</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.time.*;
import java.util.*;
import org.apache.flink.api.common.*;
import org.apache.flink.autoscaler.*;
import org.apache.flink.autoscaler.config.AutoScalerOptions;
import org.apache.flink.autoscaler.event.LoggingEventHandler;
import org.apache.flink.autoscaler.metrics.*;
import org.apache.flink.autoscaler.topology.*;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.jobgraph.JobVertexID;

public class Finding {
  static final JobVertexID SOURCE = new JobVertexID();

  static String slots(Duration catchUp, Duration restart) {
    Configuration options = new Configuration();
    options.set(AutoScalerOptions.TARGET_UTILIZATION, 0.7);
    options.set(AutoScalerOptions.SCALE_DOWN_INTERVAL, Duration.ZERO);
    if (catchUp != null) options.set(AutoScalerOptions.CATCH_UP_DURATION, catchUp);
    JobTopology topology = new JobTopology(new VertexInfo(SOURCE, Map.of(), 2, 8));
    SortedMap<Instant, CollectedMetrics> history = new TreeMap<>();
    for (int second = 0; second <= 30; second += 10) {
      Map<ScalingMetric, Double> of = new EnumMap<>(ScalingMetric.class);
      of.put(ScalingMetric.NUM_RECORDS_IN, 3300.0 * second);
      of.put(ScalingMetric.LAG, 90_000 - (3300.0 - 963) * second);
      of.put(ScalingMetric.LOAD, 0.99);
      history.put(Instant.ofEpochSecond(1000 + second), new CollectedMetrics(Map.of(SOURCE, of), Map.of()));
    }
    EvaluatedMetrics evaluated = new ScalingMetricEvaluator().evaluate(options,
        new CollectedMetricHistory(topology, history, Instant.ofEpochSecond(0)), restart);
    Map<ScalingMetric, EvaluatedScalingMetric> vertex = evaluated.getVertexMetrics().get(SOURCE);
    int slots = new JobVertexScaler<>(new LoggingEventHandler<String, JobAutoScalerContext<String>>()).computeScaleTargetParallelism(
        new JobAutoScalerContext<>("job", new JobID(), JobStatus.RUNNING, options, new UnregisteredMetricsGroup(), null),
        SOURCE, List.of(), vertex, new TreeMap<>(), restart, new DelayedScaleDown()).getNewParallelism();
    if (slots == -1) slots = 2; // no change
    return "arrives %.0f/s, backlog %.0f/s, a busy second reads %.0f: %d of 2 slots".formatted(
        vertex.get(ScalingMetric.TARGET_DATA_RATE).getAverage(), vertex.get(ScalingMetric.CATCH_UP_DATA_RATE).getCurrent(),
        vertex.get(ScalingMetric.TRUE_PROCESSING_RATE).getAverage(), slots);
  }

  public static void main(String[] args) {
    String rates = "arrives 963/s, backlog %d/s, a busy second reads 3333: %d of 2 slots";
    List<String> seen = List.of(slots(Duration.ZERO, Duration.ZERO), slots(null, Duration.ZERO),
        slots(Duration.ofSeconds(30), Duration.ZERO), slots(Duration.ofSeconds(30), Duration.ofMinutes(5)));
    System.out.println("catch-up.duration 0: " + seen.get(0) + "\nits default:         " + seen.get(1) + "\n30 s:                " + seen.get(2) + "\n30 s, restart 5 min: " + seen.get(3));
    boolean same = seen.equals(List.of(rates.formatted(0, 1), rates.formatted(11, 1), rates.formatted(663, 2), rates.formatted(663, 8)));
    System.out.println(same ? "ok: still so" : "changed: slots are decided on in another way");
    System.exit(same ? 0 : 1);
  }
}
END

java -cp "$(cat classpath)" Finding.java 2> warnings || { cat warnings; exit 1; }
