#!/usr/bin/env bash
# Guess: timestamp: 0 is the time 0, as 40 is 40 ms.
# So is: kafkajs takes 0 for "not given" and writes the time of sending; the text '0' is 0. No error, whatever else is in
#        the batch.
# With:  broker 4.2.2, kafkajs 2.2.4.
# So:    the first frame of a clip whose times count from 0 lies fifty years after the others, and a watermark that has
#        seen it makes all others late. Send String(timestamp).
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
npm install --silent --no-fund --no-audit kafkajs@2.2.4 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > send.cjs <<'END'
const {Kafka, logLevel} = require('kafkajs');
(async () => {
  const producer = new Kafka({brokers: [process.argv[2]], logLevel: logLevel.NOTHING}).producer();
  await producer.connect();
  await producer.send({topic: 'frames', messages: [{value: '0', timestamp: 0}, {value: '40', timestamp: 40}, {value: "'0'", timestamp: '0'}, {value: "'80'", timestamp: '80'}]});
  console.log('sent');
  process.exit(0);
})();
END

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
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

public class Finding {
  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    TopicPartition frames = new TopicPartition("frames", 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic("frames", 1, (short) 1))).all().get();
    }
    long before = System.currentTimeMillis();
    Process node = new ProcessBuilder("node", "send.cjs", servers).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String told = new String(node.getInputStream().readAllBytes()).strip();
    List<String> seen = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", servers), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(frames));
      consumer.seekToBeginning(List.of(frames));
      while (seen.size() < 4)
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100)))
          seen.add(new String(record.value()) + " " + (record.timestamp() >= before ? "now" : record.timestamp()));
    }
    System.out.println(told + "; on the topic: " + seen);
    boolean same = told.equals("sent") && seen.equals(List.of("0 now", "40 40", "'0' 0", "'80' 80"));
    System.out.println(same ? "ok: still so" : "changed: 0 is 0");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir classes
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
