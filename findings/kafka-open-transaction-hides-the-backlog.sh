#!/usr/bin/env bash
# Guess: a consumer's lag grows while records pile up that it cannot have yet; records of producers
#        without transactions do not depend on somebody else's.
# So is: with isolation.level=read_committed everything behind an open transaction is invisible,
#        records of other producers too, and so is the backlog: endOffsets(), currentLag() and the
#        metric records-lag-max (which Flink's pendingRecords and autoscalers read) say 0. The Admin's
#        listOffsets knows both ends, by its isolation level.
# With:  kafka-clients and broker 4.2.2.
# So:    a hanging upstream transaction looks like silence: lag 0, no predictions, no alert. Watch the
#        distance from the last stable offset to the end, and alert on that.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
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

import org.apache.kafka.common.IsolationLevel;

public class Finding {
  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    TopicPartition frames = new TopicPartition("frames", 0);
    StringSerializer s = new StringSerializer();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
        KafkaProducer<String, String> upstream = new KafkaProducer<>(Map.of("bootstrap.servers", servers, "transactional.id", "upstream"), s, s);
        KafkaProducer<String, String> camera = new KafkaProducer<>(Map.of("bootstrap.servers", servers), s, s);
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", servers, "isolation.level", "read_committed",
            "auto.offset.reset", "earliest"), new StringDeserializer(), new StringDeserializer())) {
      admin.createTopics(List.of(new NewTopic("frames", 1, (short) 1))).all().get();
      upstream.initTransactions();
      upstream.beginTransaction();
      upstream.send(new ProducerRecord<>("frames", "one of a transaction")).get();
      for (int i = 0; i < 5; i++) camera.send(new ProducerRecord<>("frames", "plain")).get();
      consumer.assign(List.of(frames));
      int read = 0;
      for (int i = 0; i < 10; i++) read += consumer.poll(Duration.ofMillis(100)).count();
      long end = consumer.endOffsets(List.of(frames)).get(frames), lag = consumer.currentLag(frames).orElse(-1);
      Object most = consumer.metrics().entrySet().stream().filter(e -> e.getKey().name().equals("records-lag-max")).findFirst().get().getValue().metricValue();
      long stable = admin.listOffsets(Map.of(frames, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all().get().get(frames).offset();
      long written = admin.listOffsets(Map.of(frames, OffsetSpec.latest())).all().get().get(frames).offset();
      System.out.println("1 record in an open transaction, then 5 without one, by another producer");
      System.out.printf("read %d, endOffsets %d, currentLag %d, records-lag-max %s; Admin: stable %d, written %d%n", read, end, lag, most, stable, written);
      upstream.abortTransaction();
      int after = 0;
      for (int i = 0; i < 100 && after < 5; i++) after += consumer.poll(Duration.ofMillis(100)).count();
      System.out.println("transaction ended: read " + after);
      boolean same = read == 0 && end == 0 && lag == 0 && !most.equals(6.0) && stable == 0 && written == 6 && after == 5;
      System.out.println(same ? "ok: still so" : "changed: the backlog behind an open transaction shows");
      Runtime.getRuntime().halt(same ? 0 : 1);
    }
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
