#!/usr/bin/env bash
# Guess: a job whose watermarks tolerate a camera with a wrong clock, and whose sink says nothing of
#        timestamps, writes whatever comes.
# So is: the sink's usual serializer (KafkaRecordSerializationSchema.builder()) writes Flink's event time
#        as the record's timestamp. Kafka 4 refuses one more than an hour ahead, so that one frame fails
#        the job; after a restart it is read again, and fails it again, at every try. A record without
#        that timestamp (an own serializer, four lines) is taken.
# With:  Flink 2.3.0, flink-connector-kafka 5.0.0-2.2, Kafka 4.2.2.
# So:    one camera's clock stops all. Our sinks write no timestamp; who builds one around the library
#        does the same, or sets LogAppendTime (or message.timestamp.after.max.ms) on the output topic.
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
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-kafka</artifactId><version>5.0.0-2.2</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-base</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-metadata</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-server-common</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-server</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Broker.java <<'END'
import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.util.*;
import kafka.server.*;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.*;
import org.apache.kafka.metadata.storage.Formatter;

/** One broker in this JVM, on a free port. */
class Broker {
  static String start() throws Exception {
    int[] port = new int[2];
    for (int i = 0; i < 2; i++)
      try (ServerSocket s = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port[i] = s.getLocalPort();
      }
    String data = Path.of("broker").toAbsolutePath().toString();
    Map<String, Object> p = new HashMap<>();
    p.put("process.roles", "broker,controller");
    p.put("node.id", 1);
    p.put("controller.quorum.voters", "1@localhost:" + port[1]);
    p.put("controller.listener.names", "CONTROLLER");
    p.put("listeners", "PLAINTEXT://localhost:" + port[0] + ",CONTROLLER://localhost:" + port[1]);
    p.put("advertised.listeners", "PLAINTEXT://localhost:" + port[0]);
    p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.put("log.dirs", data);
    for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      p.put(topic + ".replication.factor", (short) 1);
      p.put(topic + ".num.partitions", 1);
    }
    p.put("transaction.state.log.min.isr", 1);
    p.put("share.coordinator.state.topic.min.isr", (short) 1);
    p.put("group.initial.rebalance.delay.ms", 0);
    new Formatter().setPrintStream(new PrintStream(OutputStream.nullOutputStream())).setNodeId(1).setClusterId(Uuid.randomUuid().toString())
        .setControllerListenerName("CONTROLLER").setMetadataLogDirectory(data).addDirectory(data).run();
    new KafkaRaftServer(new KafkaConfig(p, false), Time.SYSTEM).startup();
    System.out.println("Kafka " + AppInfoParser.getVersion());
    return "localhost:" + port[0];
  }
}
END

cat > Finding.java <<'END'
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.configuration.*;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.*;
import org.apache.flink.connector.kafka.source.*;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

public class Finding {
  static String run(String servers, String topic, KafkaRecordSerializationSchema<String> serializer) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("rest.port", "0");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 2);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(1);
    long ahead = System.currentTimeMillis() + 7_200_000;
    env.fromSource(KafkaSource.<String>builder().setBootstrapServers(servers).setTopics("frames").setGroupId("job").setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.latest()).setValueOnlyDeserializer(new SimpleStringSchema()).build(),
            WatermarkStrategy.<String>noWatermarks().withTimestampAssigner((x, time) -> x.equals("wrong clock") ? ahead : time), "frames")
        .sinkTo(KafkaSink.<String>builder().setBootstrapServers(servers).setRecordSerializer(serializer).setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE).build());
    String seen = "finished";
    try {
      env.execute();
    } catch (Exception e) {
      seen = "failed";
      for (Throwable t = e; t != null; t = t.getCause()) if (String.valueOf(t.getMessage()).contains("Recovery is suppressed")) seen = "failed at each of three tries";
    }
    System.out.println(topic + ": job " + seen);
    return seen;
  }

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    StringSerializer s = new StringSerializer();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers)); KafkaProducer<String, String> camera = new KafkaProducer<>(Map.of("bootstrap.servers", servers), s, s)) {
      admin.createTopics(List.of(new NewTopic("frames", 1, (short) 1), new NewTopic("builder", 1, (short) 1), new NewTopic("own", 1, (short) 1))).all().get();
      camera.send(new ProducerRecord<>("frames", "right clock")).get();
      camera.send(new ProducerRecord<>("frames", "wrong clock")).get();
    }
    String builder = run(servers, "builder", KafkaRecordSerializationSchema.<String>builder().setTopic("builder").setValueSerializationSchema(new SimpleStringSchema()).build());
    String own = run(servers, "own", (value, context, timestamp) -> new ProducerRecord<>("own", value.getBytes()));
    boolean same = builder.equals("failed at each of three tries") && own.equals("finished");
    System.out.println(same ? "ok: still so" : "changed: event times ahead are no longer written, or taken");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
