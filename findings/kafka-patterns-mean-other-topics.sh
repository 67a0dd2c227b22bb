#!/usr/bin/env bash
# Guess: a pattern of topics (gate-1, ^gate-1) means the same topics for every client.
# So is: three sets. Java takes a pattern for the whole name: gate-1 alone, with and without ^, and with the new
#        protocol, too. kafkajs searches: /gate-1/ reads gate-10, old-gate-1 and gate-1-dead-letters as well.
#        librdkafka (kcat, and clients of other languages) knows a pattern by its ^ only, leaves the end
#        open, and reads gate-10 and gate-1-dead-letters.
# With:  broker and kafka-clients 4.2.2, kafkajs 2.2.4, kcat 1.7.1-2 with librdkafka 2.0.2-1 (Debian 12).
# So:    a consumer moved to another language reads its own dead letters, or a neighbour's camera. Write
#        ^gate-1$ wherever it is to run: that means the same in all three.
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

cat > read.cjs <<'END'
const {Kafka, logLevel} = require('kafkajs');
(async () => {
  const [servers, pattern] = process.argv.slice(2);
  const consumer = new Kafka({brokers: [servers], logLevel: logLevel.NOTHING}).consumer({groupId: 'js' + pattern.length});
  await consumer.connect();
  await consumer.subscribe({topic: new RegExp(pattern), fromBeginning: true});
  consumer.on(consumer.events.GROUP_JOIN, ({payload}) => {
    console.log(Object.keys(payload.memberAssignment).sort().join(' '));
    process.exit(0);
  });
  await consumer.run({eachMessage: async () => {}});
})();
END

cat > Finding.java <<'END'
import java.io.File;
import java.time.Duration;
import java.util.*;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.*;

public class Finding {
  static String run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    if (command[0].contains("kcat")) builder.environment().put("LD_LIBRARY_PATH", new File("debian/usr/lib/x86_64-linux-gnu").getAbsolutePath());
    Process process = builder.start();
    String topics = String.join(" ", new TreeSet<>(List.of(new String(process.getInputStream().readAllBytes()).strip().split("\\s+"))));
    process.waitFor();
    return topics;
  }

  static String byJava(String servers, String pattern, boolean newProtocol) {
    Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", servers, "group.id", pattern + newProtocol, "auto.offset.reset", "earliest"));
    if (newProtocol) config.put("group.protocol", "consumer");
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      if (newProtocol) consumer.subscribe(new SubscriptionPattern(pattern));
      else consumer.subscribe(Pattern.compile(pattern));
      for (int i = 0; i < 300 && consumer.assignment().isEmpty(); i++) consumer.poll(Duration.ofMillis(100));
      TreeSet<String> topics = new TreeSet<>();
      consumer.assignment().forEach(partition -> topics.add(partition.topic()));
      return String.join(" ", topics);
    }
  }

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    List<String> topics = List.of("gate-1", "gate-10", "gate-1-dead-letters", "old-gate-1"), seen = new ArrayList<>();
    StringSerializer s = new StringSerializer();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers)); KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers), s, s)) {
      admin.createTopics(topics.stream().map(topic -> new NewTopic(topic, 1, (short) 1)).toList()).all().get();
      for (String topic : topics) producer.send(new ProducerRecord<>(topic, "a frame")).get();
    }
    for (String pattern : List.of("^gate-1", "^gate-1$"))
      seen.add(pattern + " | Java: " + byJava(servers, pattern, false) + " | Java, new protocol: " + byJava(servers, pattern, true)
          + " | kafkajs: " + run("node", "read.cjs", servers, pattern)
          + " | librdkafka: " + run("debian/usr/bin/kcat", "-b", servers, "-G", "kcat" + pattern, "-X", "auto.offset.reset=earliest", "-e", "-q", "-f", "%t\\n", pattern));
    seen.add("gate-1 | kafkajs: " + run("node", "read.cjs", servers, "gate-1"));
    seen.forEach(System.out::println);
    boolean same = seen.equals(List.of("^gate-1 | Java: gate-1 | Java, new protocol: gate-1 | kafkajs: gate-1 gate-1-dead-letters gate-10 | librdkafka: gate-1 gate-1-dead-letters gate-10",
        "^gate-1$ | Java: gate-1 | Java, new protocol: gate-1 | kafkajs: gate-1 | librdkafka: gate-1", "gate-1 | kafkajs: gate-1 gate-1-dead-letters gate-10 old-gate-1"));
    System.out.println(same ? "ok: still so" : "changed: other topics");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

set -- kcat=1.7.1-2 librdkafka1=2.0.2-1 libyajl2 liblz4-1 libsasl2-2
apt-get -qq download "$@" > apt.log 2>&1 || { cat apt.log; echo "needs Debian 12 and apt-get update"; exit 1; }
for package in *.deb; do dpkg -x "$package" debian; done
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
