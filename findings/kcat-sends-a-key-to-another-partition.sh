#!/usr/bin/env bash
# Guess: a key decides the partition, so the frames of one camera stay in order whichever client sends
#        them.
# So is: Java, kafkajs and kafka-python hash keys by murmur2; librdkafka, and with it kcat, confluent-kafka
#        and most clients of other languages, by CRC32: of eight cameras on six partitions most go
#        elsewhere. With -X partitioner=murmur2_random kcat agrees with Java for all.
# With:  kafka-clients and broker 4.2.2; kcat 1.7.1-2 with librdkafka 2.0.2-1 (Debian 12), kafkajs 2.2.4.
#        https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md (partitioner)
# So:    a gateway in Go or Python beside a Java producer, or a replay by kcat, tears a camera's frames
#        apart: order, tracks and "one source, one subtask" are lost. Set the partitioner.
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

cat > send.js <<'END'
const { Kafka, logLevel } = require('kafkajs');
(async () => {
  const producer = new Kafka({brokers: [process.argv[2]], logLevel: logLevel.NOTHING}).producer();
  await producer.connect();
  const partitions = [];
  for (let i = 0; i < 8; i++) partitions.push((await producer.send({topic: 'frames', messages: [{key: 'camera-' + i, value: 'kafkajs'}]}))[0].partition);
  console.log(partitions.join(' '));
  process.exit(0);
})();
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

import java.io.*;

public class Finding {
  static String run(String input, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", new File("debian/usr/lib/x86_64-linux-gnu").getAbsolutePath());
    Process process = builder.start();
    try (OutputStream out = process.getOutputStream()) {
      out.write(input.getBytes());
    }
    String output = new String(process.getInputStream().readAllBytes()).strip();
    process.waitFor();
    return output;
  }

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    StringBuilder lines = new StringBuilder();
    Map<String, Map<String, Integer>> seen = new TreeMap<>();
    StringSerializer s = new StringSerializer();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers)); KafkaProducer<String, String> java = new KafkaProducer<>(Map.of("bootstrap.servers", servers), s, s)) {
      admin.createTopics(List.of(new NewTopic("frames", 6, (short) 1))).all().get();
      for (int i = 0; i < 8; i++) {
        java.send(new ProducerRecord<>("frames", "camera-" + i, "Java")).get();
        lines.append("camera-" + i + ":");
      }
    }
    System.out.print(run("", "node", "send.js", servers).isEmpty() ? "kafkajs failed\n" : "");
    run(lines.toString().replaceAll("(camera-\\d):", "$1:kcat\n"), "debian/usr/bin/kcat", "-P", "-b", servers, "-t", "frames", "-K", ":");
    run(lines.toString().replaceAll("(camera-\\d):", "$1:kcat, murmur2\n"), "debian/usr/bin/kcat", "-P", "-b", servers, "-t", "frames", "-K", ":", "-X", "partitioner=murmur2_random");
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest"), new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(consumer.partitionsFor("frames").stream().map(p -> new TopicPartition("frames", p.partition())).toList());
      int read = 0;
      for (int i = 0; i < 100 && read < 32; i++)
        for (ConsumerRecord<String, String> r : consumer.poll(Duration.ofMillis(100))) {
          seen.computeIfAbsent(r.value(), v -> new TreeMap<>()).put(r.key(), r.partition());
          read++;
        }
    }
    seen.forEach((client, partitions) -> System.out.printf("%-14s %s%n", client, partitions.values()));
    Map<String, Integer> java = seen.get("Java");
    long moved = java.keySet().stream().filter(key -> !java.get(key).equals(seen.get("kcat").get(key))).count();
    System.out.println("cameras that kcat sends elsewhere: " + moved + " of 8");
    boolean same = moved > 3 && seen.get("kafkajs").equals(java) && seen.get("kcat, murmur2").equals(java);
    System.out.println(same ? "ok: still so" : "changed: clients agree on partitions, or other ones differ");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

set -- kcat=1.7.1-2 librdkafka1=2.0.2-1 libyajl2 liblz4-1 libsasl2-2
apt-get -qq download "$@" > apt.log 2>&1 || { cat apt.log; echo "needs Debian 12 and apt-get update"; exit 1; }
for package in *.deb; do dpkg -x "$package" debian; done
npm install --silent --no-fund --no-audit kafkajs@2.2.4
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
