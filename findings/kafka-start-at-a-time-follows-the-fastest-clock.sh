#!/usr/bin/env bash
# Guess: a consumer that starts at 12:00 (offsetsForTimes) gets what is of 12:00 or later.
# So is: it starts at the first record whose timestamp is 12:00 or later, and gets all behind it: one camera ten minutes
#        ahead has it start ten minutes early, with frames of all others from before, in any order.
# With:  broker and clients 4.2.2.
# So:    a job started "from noon" counts frames from before noon too. Compare the frame's own time, or let the topic
#        stamp (LogAppendTime).
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
import java.time.*;
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;

public class Finding {
  static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    TopicPartition frames = new TopicPartition("frames", 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic("frames", 1, (short) 1))).all().get();
    }
    int[] minutes = {-60, -45, 10, -30, -15, 0, 5}; // in the order in which they came; one camera is ahead
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int minute : minutes) producer.send(new ProducerRecord<>("frames", 0, NOON + 60_000L * minute, null, new byte[1])).get();
    }
    List<Long> read = new ArrayList<>();
    long start;
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", servers), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      start = consumer.offsetsForTimes(Map.of(frames, NOON)).get(frames).offset();
      consumer.assign(List.of(frames));
      consumer.seek(frames, start);
      while (read.size() < minutes.length - start)
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) read.add((record.timestamp() - NOON) / 60_000);
    }
    System.out.println("from noon on: offset " + start + ", minutes after noon " + read);
    boolean same = start == 2 && read.equals(List.of(10L, -30L, -15L, 0L, 5L));
    System.out.println(same ? "ok: still so" : "changed: nothing of before is read");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir classes
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
