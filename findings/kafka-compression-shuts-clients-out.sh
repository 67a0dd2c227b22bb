#!/usr/bin/env bash
# Guess: compression is between producer and broker: any client reads a topic, whatever codec its producer
#        chose.
# So is: a batch stays as it was written, and the reader needs the codec. kafkajs, the usual client of Node,
#        reads gzip alone: a record in snappy, lz4 or zstd crashes its consumer ("not implemented").
#        kafka-python as Debian installs it does the same ("Libraries ... not found"). gzip and none
#        are read by all.
# With:  broker and kafka-clients 4.2.2, kafkajs 2.2.4, python3-kafka 2.0.2-3 (Debian 12).
# So:    compression.type=zstd on predictions silences the consumers in Node. Use gzip or none for what
#        others read (JPEG does not shrink anyway), or compression.type on the topic, at the broker.
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

cat > read.js <<'END'
const { Kafka, logLevel } = require('kafkajs');
(async () => {
  const kafka = new Kafka({brokers: [process.argv[2]], logLevel: logLevel.NOTHING, retry: {initialRetryTime: 300, retries: 10}});
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    const consumer = kafka.consumer({groupId: 'js-' + codec});
    const seen = new Promise(resolve => {
      consumer.on(consumer.events.CRASH, event => resolve(event.payload.error.message));
      consumer.connect().then(() => consumer.subscribe({topic: codec, fromBeginning: true})).then(() =>
        consumer.run({eachMessage: async () => resolve('read')}));
    });
    console.log('kafkajs ' + codec + ': ' + await seen);
  }
  process.exit(0);
})();
END

cat > read.py <<'END'
import sys
sys.path.insert(0, 'debian/usr/lib/python3/dist-packages')
import kafka
for codec in ['none', 'gzip', 'snappy', 'lz4', 'zstd']:
    try:
        consumer = kafka.KafkaConsumer(codec, bootstrap_servers=sys.argv[1], auto_offset_reset='earliest', consumer_timeout_ms=10000)
        print('kafka-python ' + codec + ': ' + ('read' if len([next(consumer)]) == 1 else 'nothing'))
    except kafka.errors.UnsupportedCodecError as e:
        print('kafka-python ' + codec + ': ' + str(e).split(': ')[-1])
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
  static List<String> run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines = new String(process.getInputStream().readAllBytes()).lines().toList();
    process.waitFor();
    lines.forEach(System.out::println);
    return lines;
  }

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    StringSerializer s = new StringSerializer();
    List<String> codecs = List.of("none", "gzip", "snappy", "lz4", "zstd");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(codecs.stream().map(codec -> new NewTopic(codec, 1, (short) 1)).toList()).all().get();
    }
    for (String codec : codecs)
      try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers, "compression.type", codec), s, s)) {
        producer.send(new ProducerRecord<>(codec, "prediction ".repeat(50))).get();
      }
    List<String> js = run("node", "read.js", servers), python = run("python3", "read.py", servers);
    boolean same = js.equals(List.of("kafkajs none: read", "kafkajs gzip: read", "kafkajs snappy: Snappy compression not implemented",
            "kafkajs lz4: LZ4 compression not implemented", "kafkajs zstd: ZSTD compression not implemented"))
        && python.stream().filter(line -> line.endsWith(": read")).count() == 2;
    System.out.println(same ? "ok: still so" : "changed: other codecs are read");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

set -- python3-kafka=2.0.2-3
apt-get -qq download "$@" > apt.log 2>&1 || { cat apt.log; echo "needs Debian 12 and apt-get update"; exit 1; }
for package in *.deb; do dpkg -x "$package" debian; done
npm install --silent --no-fund --no-audit kafkajs@2.2.4
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
