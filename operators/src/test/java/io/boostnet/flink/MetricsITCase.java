package io.boostnet.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.event.EventRules;
import io.boostnet.flink.event.Events;
import io.boostnet.flink.metrics.MetricNames;
import io.boostnet.image.contract.ImageContract;
import io.boostnet.schema.ImageFrame;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MetricsITCase {

  private static final int FRAMES = 30;
  private static final int BAD = 3;
  private static final Set<String> GROUPS = Set.of("STAGE", "CONTROL", "PRIORITY");

  /** Reported by the source of the Kafka job, which is not here. */
  private static final Set<String> OF_KAFKA = Set.of("UNCOMMITTED_RECORDS", "UNCOMMITTED_AGE_MS");

  private static final InMemoryReporter REPORTER = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(1)
              .setConfiguration(
                  REPORTER.addToConfiguration(new org.apache.flink.configuration.Configuration()))
              .build());

  @Test
  void everyMetric_isReported_andTheCountersAddUp() throws Exception {
    List<ImageFrame> frames = new ArrayList<>(TestBundles.frames(FRAMES));
    frames.subList(0, BAD).forEach(frame -> frame.setImage(ByteBuffer.allocate(1)));
    frames.get(BAD).setContentType("");
    frames.get(BAD).setImage(ByteBuffer.wrap(ImageContract.picture("21-bad-crc-text.png")));
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    environment.setParallelism(1);
    environment.getConfig().enableObjectReuse();
    var result =
        EarlyExitInference.fromBundle(TestBundles.random().toString())
            .withThresholds(0.9, 0.9, 0)
            .apply(environment.fromData(frames, new AvroTypeInfo<>(ImageFrame.class)));
    result.predictions().sinkTo(new DiscardingSink<>()).name("sink-1");
    result.deadLetters().sinkTo(new DiscardingSink<>()).name("sink-2");
    Events.of(result.predictions(), EventRules.DEFAULT)
        .sinkTo(new DiscardingSink<>())
        .name("sink-3");
    JobID job = environment.execute().getJobID();

    Set<String> names =
        REPORTER.findMetrics(job, ".*").keySet().stream()
            .map(identifier -> identifier.substring(identifier.lastIndexOf('.') + 1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(names).containsAll(declaredNames());
    assertThat(sum(job, "decode\\.0\\." + MetricNames.DECODE_FAILURES)).isEqualTo(BAD);
    assertThat(sum(job, "decode\\.0\\." + MetricNames.FLAWED_IMAGES)).isEqualTo(1);
    assertThat(sum(job, "1\\." + MetricNames.RECORDS_IN)).isEqualTo(FRAMES - BAD);
    for (int stage = 1; stage < 3; stage++) {
      assertThat(sum(job, stage + "\\." + MetricNames.SURVIVORS))
          .isEqualTo(sum(job, stage + 1 + "\\." + MetricNames.RECORDS_IN));
    }
    assertThat(sum(job, "[123]\\." + MetricNames.EXITS)).isEqualTo(FRAMES - BAD);
    assertThat(sum(job, "outcomes\\.0\\." + MetricNames.PREDICTIONS)).isEqualTo(FRAMES - BAD);
    assertThat(sum(job, "outcomes\\.0\\." + MetricNames.DEAD_LETTERS)).isEqualTo(BAD);
  }

  private static long sum(JobID job, String name) {
    return REPORTER.findMetrics(job, name).values().stream().mapToLong(MetricsITCase::count).sum();
  }

  private static long count(Metric metric) {
    return ((Counter) metric).getCount();
  }

  private static List<String> declaredNames() throws IllegalAccessException {
    List<String> names = new ArrayList<>();
    for (Field field : MetricNames.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers())
          && !OF_KAFKA.contains(field.getName())
          && !GROUPS.contains(field.getName())) {
        names.add((String) field.get(null));
      }
    }
    return names;
  }
}
