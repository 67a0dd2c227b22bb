#!/usr/bin/env bash
# Guess: when a Flink job has read everything and its checkpoints commit offsets, the lag of its
#        group is 0.
# So is: Flink commits the offset after the last record, but a topic written in transactions ends with a
#        commit marker that takes an offset of its own: the lag of each partition stays at 1 for ever
#        (committed 5, end 6). A plain consumer's position passes the marker and commits 6.
# With:  Flink 2.3.0, flink-connector-kafka 5.0.0-2.2, Kafka 4.2.2.
# So:    "lag is 0" never comes true behind an exactly-once producer: an autoscaler that scales to zero
#        (KEDA) or a script that waits for "drained" waits for ever. Allow one per partition.
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
  static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

  static long committed(Admin admin, String group, TopicPartition partition) throws Exception {
    OffsetAndMetadata offset = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(partition);
    return offset == null ? -1 : offset.offset();
  }

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    TopicPartition frames = new TopicPartition("frames", 0);
    StringSerializer s = new StringSerializer();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
        KafkaProducer<String, String> upstream = new KafkaProducer<>(Map.of("bootstrap.servers", servers, "transactional.id", "upstream"), s, s);
        KafkaConsumer<String, String> plain = new KafkaConsumer<>(Map.of("bootstrap.servers", servers, "isolation.level", "read_committed", "group.id", "plain",
            "auto.offset.reset", "earliest"), new StringDeserializer(), new StringDeserializer())) {
      admin.createTopics(List.of(new NewTopic("frames", 1, (short) 1))).all().get();
      upstream.initTransactions();
      upstream.beginTransaction();
      for (int i = 0; i < 5; i++) upstream.send(new ProducerRecord<>("frames", "frame")).get();
      upstream.commitTransaction();

      Configuration configuration = new Configuration();
      configuration.setString("rest.port", "0");
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
      env.setParallelism(1);
      env.enableCheckpointing(200);
      env.fromSource(KafkaSource.<String>builder().setBootstrapServers(servers).setTopics("frames").setGroupId("flink").setProperty("isolation.level", "read_committed")
          .setStartingOffsets(OffsetsInitializer.earliest()).setValueOnlyDeserializer(new SimpleStringSchema()).build(), WatermarkStrategy.noWatermarks(), "frames")
          .map(x -> {
            SEEN.add(x);
            return x;
          }).print();
      JobClient job = env.executeAsync();
      for (int i = 0; i < 300 && (SEEN.size() < 5 || committed(admin, "flink", frames) < 5); i++) Thread.sleep(100);
      Thread.sleep(3000); // many more checkpoints
      plain.assign(List.of(frames));
      for (int i = 0; i < 100 && plain.position(frames) < 6; i++) plain.poll(Duration.ofMillis(100));
      plain.commitSync();
      long end = admin.listOffsets(Map.of(frames, OffsetSpec.latest())).all().get().get(frames).offset();
      long flink = committed(admin, "flink", frames), consumer = committed(admin, "plain", frames);
      System.out.printf("5 records in a transaction, all read by both; end %d, committed by Flink %d, by a plain consumer %d%n", end, flink, consumer);
      boolean same = SEEN.size() == 5 && end == 6 && flink == 5 && consumer == 6;
      System.out.println(same ? "ok: still so" : "changed: Flink commits behind the marker");
      Runtime.getRuntime().halt(same ? 0 : 1);
    }
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log | grep -v ^frame$ || { tail -20 run.log; exit 1; }
