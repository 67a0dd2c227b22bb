#!/usr/bin/env bash
# Guess: max.request.size of the producer and max.message.bytes of the topic limit the same bytes.
# So is: the producer measures a record before it is compressed, and refuses it alone, without asking; the broker
#        measures the batch as it comes. 3 MB of zeros with gzip are refused by a producer of 1 MB and taken by
#        a topic of 1 MB, once the producer's limit is higher.
# With:  broker and clients 4.2.2.
# So:    raw frames and images in base64 pass or fail by the producer's setting, not by the topic's. Raise
#        max.request.size to the largest frame; the topic needs what is left of it.
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
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.*;

public class Finding {
  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic("frames", 1, (short) 1).configs(Map.of("max.message.bytes", "1048576")))).all().get();
    }
    List<String> seen = new ArrayList<>();
    for (String compression : List.of("none", "gzip"))
      for (int limit : new int[] {1_048_576, 10_000_000}) {
        String told = "sent";
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers, "compression.type", compression, "max.request.size", limit), new ByteArraySerializer(), new ByteArraySerializer())) {
          producer.send(new ProducerRecord<>("frames", new byte[3_000_000])).get();
        } catch (Exception e) {
          told = e.getMessage().contains("when serialized") ? "refused by the producer" : e.getMessage().contains("the server will accept") ? "refused by the broker" : e.getMessage();
        }
        seen.add(told);
        System.out.println(compression + ", max.request.size " + limit + ": " + told);
      }
    boolean same = seen.equals(List.of("refused by the producer", "refused by the broker", "refused by the producer", "sent"));
    System.out.println(same ? "ok: still so" : "changed: both measure the same bytes");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

mkdir classes
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
