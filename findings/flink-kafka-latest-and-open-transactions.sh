#!/usr/bin/env bash
# Guess: OffsetsInitializer.latest() with isolation.level=read_committed means the end of what is
#        committed: whatever commits after the start is read, and a bounded source stops there.
# So is: it is the high watermark. As a start, all records of transactions that were open are skipped
#        for good though they commit afterwards (5 of 5 here; the next one is read). As the end of a
#        bounded source it lies behind the open transaction, so that the job waits until that ends.
# With:  Flink 2.3.0, flink-connector-kafka 5.0.0-2.2, Kafka 4.2.2.
# So:    a job started at "latest" behind exactly-once producers loses up to a checkpoint interval of
#        frames; a batch job may never end. Start from committed or from a timestamp.
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
  static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

  static JobClient job(String servers, String topic, boolean bounded) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("rest.port", "0");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(1);
    KafkaSourceBuilder<String> source = KafkaSource.<String>builder().setBootstrapServers(servers).setTopics(topic).setGroupId(topic)
        .setProperty("isolation.level", "read_committed").setValueOnlyDeserializer(new SimpleStringSchema())
        .setStartingOffsets(bounded ? OffsetsInitializer.earliest() : OffsetsInitializer.latest());
    if (bounded) source.setBounded(OffsetsInitializer.latest());
    env.fromSource(source.build(), WatermarkStrategy.noWatermarks(), "frames").map(x -> {
      SEEN.add(x);
      return x;
    }).print();
    return env.executeAsync();
  }

  static String state(JobClient job) {
    try {
      return job.getJobStatus().get().name();
    } catch (Exception e) {
      return "FINISHED"; // the cluster in this JVM goes with its job
    }
  }

  static void until(Callable<Boolean> condition) throws Exception {
    for (int i = 0; i < 300 && !condition.call(); i++) Thread.sleep(100);
  }

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    StringSerializer s = new StringSerializer();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
        KafkaProducer<String, String> upstream = new KafkaProducer<>(Map.of("bootstrap.servers", servers, "transactional.id", "upstream"), s, s);
        KafkaProducer<String, String> plain = new KafkaProducer<>(Map.of("bootstrap.servers", servers), s, s)) {
      admin.createTopics(List.of(new NewTopic("start", 2, (short) 1), new NewTopic("end", 1, (short) 1))).all().get();
      upstream.initTransactions();
      upstream.beginTransaction();
      for (int i = 0; i < 5; i++) upstream.send(new ProducerRecord<>("start", 0, "camera", "open " + i)).get();
      JobClient live = job(servers, "start", false);
      int[] ping = {0}; // partition 1 tells when the job reads
      until(() -> {
        plain.send(new ProducerRecord<>("start", 1, "camera", "ping " + ping[0]++)).get();
        return !SEEN.isEmpty();
      });
      upstream.commitTransaction();
      upstream.beginTransaction();
      upstream.send(new ProducerRecord<>("start", 0, "camera", "later")).get();
      upstream.commitTransaction();
      until(() -> SEEN.contains("later"));
      long open = SEEN.stream().filter(x -> x.startsWith("open")).count();
      System.out.println("started at latest, 5 records open, then committed: " + open + " of them read; one sent later " + (SEEN.contains("later") ? "read" : "not read"));
      live.cancel().get();

      plain.send(new ProducerRecord<>("end", "plain")).get();
      upstream.beginTransaction();
      upstream.send(new ProducerRecord<>("end", "open")).get();
      JobClient batch = job(servers, "end", true);
      until(() -> SEEN.contains("plain"));
      Thread.sleep(4000);
      String waiting = state(batch);
      upstream.abortTransaction();
      until(() -> state(batch).equals("FINISHED"));
      System.out.println("bounded at latest, all readable records read, 4 s later: " + waiting + "; transaction aborted: " + state(batch));
      boolean same = open == 0 && SEEN.contains("later") && waiting.equals("RUNNING") && state(batch).equals("FINISHED");
      System.out.println(same ? "ok: still so" : "changed: latest is the committed end");
      Runtime.getRuntime().halt(same ? 0 : 1);
    }
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log | grep -vE '^(open|ping|plain|later)' || { tail -20 run.log; exit 1; }
