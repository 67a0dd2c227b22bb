#!/usr/bin/env bash
# Guess: of a header that stands twice in a record, readers take the last one, as Java's lastHeader does.
# So is: kafkajs gives an array of both, and OpenTelemetry's getter for Kafka headers, which makes text of what
#        it finds, reads "00-...-01,00-...-01": no trace context at all. Java's headers.add(), called at
#        every hop, is how a traceparent comes to stand twice; kcat prints both.
# With:  broker and kafka-clients 4.2.2, kafkajs 2.2.4, @opentelemetry/core 2.12.1 and the getter
#        bufferTextMapGetter of @opentelemetry/instrumentation-kafkajs 0.32.0.
# So:    traces of frames end at consumers in Node, and code with header.toString() sees two values as one.
#        Producers remove a header before they add it; readers in Node take the last of an array.
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
npm install --silent --no-fund --no-audit kafkajs@2.2.4 @opentelemetry/api@1.9.1 @opentelemetry/core@2.12.1 @opentelemetry/instrumentation-kafkajs@0.32.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

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
const {ROOT_CONTEXT, trace} = require('@opentelemetry/api');
const {W3CTraceContextPropagator} = require('@opentelemetry/core');
const {bufferTextMapGetter} = require('./node_modules/@opentelemetry/instrumentation-kafkajs/build/src/propagator.js');
(async () => {
  const consumer = new Kafka({brokers: [process.argv[2]], logLevel: logLevel.NOTHING}).consumer({groupId: 'js'});
  await consumer.connect();
  await consumer.subscribe({topic: 'frames', fromBeginning: true});
  await consumer.run({eachMessage: async ({message}) => {
    const {traceparent} = message.headers;
    const context = trace.getSpanContext(new W3CTraceContextPropagator().extract(ROOT_CONTEXT, message.headers, bufferTextMapGetter));
    console.log(message.value + ': kafkajs ' + (Array.isArray(traceparent) ? 'array of ' + traceparent.length : 'one value') + ', span ' + context?.spanId);
    if (message.value.toString() === 'twice') process.exit(0);
  }});
})();
END

cat > Finding.java <<'END'
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.StringSerializer;

public class Finding {
  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    StringSerializer s = new StringSerializer();
    String java = "";
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers)); KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers), s, s)) {
      admin.createTopics(List.of(new NewTopic("frames", 1, (short) 1))).all().get();
      for (String times : List.of("once", "twice")) {
        ProducerRecord<String, String> frame = new ProducerRecord<>("frames", times);
        if (times.equals("twice")) frame.headers().add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".getBytes());
        frame.headers().add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-b7ad6b7169203331-01".getBytes());
        producer.send(frame).get();
        java = new String(frame.headers().lastHeader("traceparent").value()).split("-")[2];
      }
    }
    Process node = new ProcessBuilder("node", "read.cjs", servers).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String seen = new String(node.getInputStream().readAllBytes()).strip();
    System.out.println(seen + "\n" + "twice: Java's lastHeader, span " + java);
    boolean same = seen.equals("once: kafkajs one value, span b7ad6b7169203331\ntwice: kafkajs array of 2, span undefined") && java.equals("b7ad6b7169203331");
    System.out.println(same ? "ok: still so" : "changed: a header that stands twice is read otherwise");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
