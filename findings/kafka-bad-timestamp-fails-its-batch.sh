#!/usr/bin/env bash
# Guess: a broker that refuses a record for its timestamp refuses that record; the others that the
#        producer sent arrive.
# So is: Kafka 4 refuses a timestamp more than an hour ahead of the broker
#        (message.timestamp.after.max.ms), and with it every record of the same batch: "Failed to append
#        record because it was part of a batch which had one more more invalid records", an error that
#        is not retried. Alone, the good ones are taken; a topic with LogAppendTime takes all.
# With:  kafka-clients and broker 4.2.2.
# So:    one camera with a wrong clock loses the frames of its neighbours in a shared producer, by
#        chance of batching. Do not write capture times as record timestamps, or use LogAppendTime.
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

public class Finding {
  static String send(String servers, String topic, int lingerMs, long... aheadMs) throws Exception {
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers, "linger.ms", lingerMs), new StringSerializer(), new StringSerializer())) {
      producer.partitionsFor(topic); // no metadata request in between, so that one batch is made
      long now = System.currentTimeMillis();
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (long ahead : aheadMs) sent.add(producer.send(new ProducerRecord<>(topic, 0, now + ahead, "camera", "frame")));
      StringJoiner seen = new StringJoiner(", ");
      for (Future<RecordMetadata> one : sent)
        try {
          one.get();
          seen.add("taken");
        } catch (ExecutionException e) {
          seen.add(e.getCause().getClass().getSimpleName());
        }
      System.out.println(topic + ", linger " + lingerMs + " ms, ahead by " + Arrays.toString(aheadMs) + " ms: " + seen);
      return seen.toString();
    }
  }

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic("frames", 1, (short) 1),
          new NewTopic("append-time", 1, (short) 1).configs(Map.of("message.timestamp.type", "LogAppendTime")))).all().get();
    }
    boolean same = send(servers, "frames", 500, 0, 0, 7_200_000).equals("KafkaException, KafkaException, InvalidTimestampException")
        & send(servers, "frames", 0, 0).equals("taken")
        & send(servers, "append-time", 500, 0, 0, 7_200_000).equals("taken, taken, taken");
    System.out.println(same ? "ok: still so" : "changed: only the record with the bad timestamp is refused, or none");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
