#!/usr/bin/env bash
# Guess: retention.ms counts from the arrival of a record: what was published a second ago is kept for a
#        week, whatever time it bears.
# So is: it counts from the record's own timestamp. Frames of a camera whose clock is eight days behind are
#        taken without complaint and deleted at the broker's next check (every five minutes; here every
#        half second), read or not; the segment that is being written goes too. A record with a right clock
#        after them does not save them: a distance of seven days starts a new segment. LogAppendTime
#        on the topic does.
# With:  kafka-clients and broker 4.2.2.
# So:    a lagging job loses such frames, and no account of offsets by the consumer says that they were
#        never read. LogAppendTime on the frames topic; capture time belongs into the frame.
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
    p.put("log.retention.check.interval.ms", 500L);
    p.put("log.initial.task.delay.ms", 500L);
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
  static final long DAY = 86_400_000;

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    StringSerializer s = new StringSerializer();
    Map<String, List<Long>> sent = new LinkedHashMap<>();
    sent.put("behind", List.of(-8 * DAY, -8 * DAY));
    sent.put("mixed", List.of(-8 * DAY, 0L));
    sent.put("append-time", List.of(-8 * DAY, -8 * DAY));
    Map<String, Long> left = new LinkedHashMap<>();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers)); KafkaProducer<String, String> camera = new KafkaProducer<>(Map.of("bootstrap.servers", servers), s, s)) {
      for (String topic : sent.keySet())
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(topic.equals("append-time") ? Map.of("message.timestamp.type", "LogAppendTime") : Map.of()))).all().get();
      long now = System.currentTimeMillis();
      for (String topic : sent.keySet()) for (long shift : sent.get(topic)) camera.send(new ProducerRecord<>(topic, 0, now + shift, "camera", "frame")).get();
      TopicPartition behind = new TopicPartition("behind", 0);
      for (int i = 0; i < 200 && admin.listOffsets(Map.of(behind, OffsetSpec.earliest())).all().get().get(behind).offset() == 0; i++) Thread.sleep(100);
      Thread.sleep(3000); // as many checks for the others
      for (String topic : sent.keySet()) {
        TopicPartition partition = new TopicPartition(topic, 0);
        long from = admin.listOffsets(Map.of(partition, OffsetSpec.earliest())).all().get().get(partition).offset();
        long to = admin.listOffsets(Map.of(partition, OffsetSpec.latest())).all().get().get(partition).offset();
        left.put(topic, to - from);
        System.out.println(topic + ": sent 2 with clocks off by days " + sent.get(topic).stream().map(shift -> shift / DAY).toList() + ", retention 7 days, left " + (to - from));
      }
    }
    boolean same = left.equals(Map.of("behind", 0L, "mixed", 1L, "append-time", 2L));
    System.out.println(same ? "ok: still so" : "changed: retention counts from something else");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
