#!/usr/bin/env bash
# Guess: an event that the Java SDK writes to Kafka is read in Node by kafkajs and the JavaScript SDK's Kafka
#        binding: both follow one specification.
# So is: the binding throws in both modes ("...startsWith is not a function"), since kafkajs gives header
#        values as Buffers and the binding wants strings. With headers turned into strings, binary events
#        are read; a structured one without the optional "time" throws "Invalid time value". Times are
#        cut to milliseconds.
# With:  cloudevents-kafka 4.0.1, kafka-clients and broker 4.2.2; npm cloudevents 10.0.0, kafkajs 2.2.4.
# So:    consumers in Node convert headers first; producers of structured events always set time, and do
#        not order by it within a millisecond.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>com.fasterxml.jackson.core</groupId><artifactId>jackson-core</artifactId><version>2.21.6</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-metadata</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-server-common</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-server</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>io.cloudevents</groupId><artifactId>cloudevents-kafka</artifactId><version>4.0.1</version></dependency>
  <dependency><groupId>io.cloudevents</groupId><artifactId>cloudevents-json-jackson</artifactId><version>4.0.1</version></dependency>
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
const { Kafka, logLevel } = require('kafkajs'), { Kafka: Binding } = require('cloudevents');
(async () => {
  const consumer = new Kafka({brokers: [process.argv[2]], logLevel: logLevel.NOTHING, retry: {initialRetryTime: 300, retries: 10}}).consumer({groupId: 'js'});
  await consumer.connect();
  await consumer.subscribe({topic: 'events', fromBeginning: true});
  const read = message => {
    try {
      const event = Binding.toEvent({...message, body: message.value});
      return 'read, time ' + event.time;
    } catch (e) { return e.message; }
  };
  let seen = 0;
  await consumer.run({eachMessage: async ({message}) => {
    const strings = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, value.toString()]));
    console.log(message.key + ', as kafkajs gives it: ' + read(message));
    console.log(message.key + ', headers as strings: ' + read({...message, headers: strings, value: message.value}));
    if (++seen === 3) process.exit(0);
  }});
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

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventSerializer;
import java.net.URI;
import java.time.OffsetDateTime;

public class Finding {
  static void send(String servers, String key, Encoding mode, CloudEvent event) throws Exception {
    Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", servers, CloudEventSerializer.ENCODING_CONFIG, mode));
    if (mode == Encoding.STRUCTURED) config.put(CloudEventSerializer.EVENT_FORMAT_CONFIG, JsonFormat.CONTENT_TYPE);
    CloudEventSerializer serializer = new CloudEventSerializer();
    serializer.configure(config, false);
    try (KafkaProducer<String, CloudEvent> producer = new KafkaProducer<>(config, new StringSerializer(), serializer)) {
      producer.send(new ProducerRecord<>("events", key, event)).get();
    }
  }

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic("events", 1, (short) 1))).all().get();
    }
    CloudEventBuilder event = CloudEventBuilder.v1().withId("1").withSource(URI.create("/camera/1")).withType("frame").withData("image/jpeg", new byte[] {(byte) 0xff, (byte) 0xd8});
    CloudEvent timeless = event.build(), timed = event.withTime(OffsetDateTime.parse("2026-01-01T00:00:00.123456789Z")).build();
    send(servers, "binary", Encoding.BINARY, timed);
    send(servers, "structured", Encoding.STRUCTURED, timeless);
    send(servers, "structured with time", Encoding.STRUCTURED, timed);
    Process node = new ProcessBuilder("node", "read.js", servers).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines = new String(node.getInputStream().readAllBytes()).lines().toList();
    lines.forEach(System.out::println);
    boolean same = lines.contains("binary, as kafkajs gives it: contentType.startsWith is not a function")
        && lines.contains("binary, headers as strings: read, time 2026-01-01T00:00:00.123Z")
        && lines.contains("structured, headers as strings: Invalid time value")
        && lines.contains("structured with time, headers as strings: read, time 2026-01-01T00:00:00.123Z");
    System.out.println(same ? "ok: still so" : "changed: Node reads what Java writes");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

npm install --silent --no-fund --no-audit cloudevents@10.0.0 kafkajs@2.2.4
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
