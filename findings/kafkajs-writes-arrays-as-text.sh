#!/usr/bin/env bash
# Guess: kafkajs takes a Uint8Array, of which Buffer is a kind, as a value; what it cannot write it refuses by name.
# So is: it writes its text, "255,216,...", under the length of its bytes. The broker refuses the whole batch with
#        "This record has failed the validation on broker", the other frames of the same send with it.
#        ArrayBuffer and Float32Array are the same; an ArrayBuffer of 20 bytes fits by chance, and
#        "[object ArrayBuffer]" stands on the topic in place of the image.
# With:  broker 4.2.2, kafkajs 2.2.4, Node.js 18 or later.
# So:    what WebAssembly encoders, fetch and ONNX Runtime return has to be wrapped: Buffer.from(array.buffer,
#        array.byteOffset, array.byteLength). The message sends one looking at the broker.
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

cat > send.cjs <<'END'
const {Kafka, logLevel} = require('kafkajs');
(async () => {
  const producer = new Kafka({brokers: [process.argv[2]], logLevel: logLevel.NOTHING, retry: {retries: 0}}).producer();
  await producer.connect();
  const image = Uint8Array.of(255, 216, 255, 219, 0);
  const values = {Buffer: Buffer.from(image), Uint8Array: image, ArrayBuffer: image.buffer, Float32Array: Float32Array.of(0.1, 0.9), 'ArrayBuffer of 20 bytes': new ArrayBuffer(20),
    'wrapped Uint8Array': Buffer.from(image.buffer, image.byteOffset, image.byteLength)};
  for (const [name, value] of Object.entries(values)) {
    const told = await producer.send({topic: 'frames', messages: [{value: 'another frame'}, {value}]}).then(() => 'sent', e => e.message);
    console.log(name + ': ' + told);
  }
  process.exit(0);
})();
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
    Process node = new ProcessBuilder("node", "send.cjs", servers).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String seen = new String(node.getInputStream().readAllBytes()).strip();
    long records;
    boolean text = false;
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", servers), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      records = consumer.endOffsets(List.of(frames)).get(frames);
      consumer.assign(List.of(frames));
      consumer.seekToBeginning(List.of(frames));
      for (long read = 0; read < records; )
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          read++;
          text |= new String(record.value()).equals("[object ArrayBuffer]");
        }
    }
    System.out.println(seen + "\nrecords on the topic: " + records + " of 12, \"[object ArrayBuffer]\" among them: " + text);
    String refused = "This record has failed the validation on broker and hence be rejected";
    boolean same = records == 6 && text && seen.equals(String.join("\n", "Buffer: sent", "Uint8Array: " + refused, "ArrayBuffer: " + refused, "Float32Array: " + refused, "ArrayBuffer of 20 bytes: sent", "wrapped Uint8Array: sent"));
    System.out.println(same ? "ok: still so" : "changed: typed arrays are sent, or refused by name");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
