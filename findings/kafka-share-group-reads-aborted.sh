#!/usr/bin/env bash
# Guess: a share group (queues of Kafka 4) is a consumer group without partitions, so that isolation.level of
#        its consumers decides whether they see aborted transactions.
# So is: a share consumer refuses isolation.level. The level is a setting of the group
#        (share.isolation.level, by the Admin client) and is read_uncommitted unless set: aborted and
#        still open records are delivered, and acknowledged. auto.offset.reset is a setting of the
#        group too, "latest" unless set.
# With:  kafka-clients and broker 4.2.2.
# So:    sharing a predictions topic of an exactly-once job among workers hands out predictions that
#        never came to be, twice after a restart. Set read_committed on the group first.
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

import org.apache.kafka.common.config.*;

public class Finding {
  static List<String> read(String servers, String group, int atLeast, boolean isolation) {
    Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", servers, "group.id", group));
    if (isolation) config.put("isolation.level", "read_committed");
    List<String> values = new ArrayList<>();
    try (KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("predictions"));
      for (int i = 0; i < 300 && values.size() < atLeast; i++) consumer.poll(Duration.ofMillis(100)).forEach(r -> values.add(r.value()));
      for (int i = 0; i < 20; i++) consumer.poll(Duration.ofMillis(100)).forEach(r -> values.add(r.value()));
    } catch (ConfigException e) {
      values.add("refused: " + e.getMessage());
    }
    return values;
  }

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    StringSerializer s = new StringSerializer();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
        KafkaProducer<String, String> job = new KafkaProducer<>(Map.of("bootstrap.servers", servers, "transactional.id", "job"), s, s)) {
      admin.createTopics(List.of(new NewTopic("predictions", 1, (short) 1))).all().get();
      job.initTransactions();
      for (String value : List.of("aborted", "committed", "open")) {
        job.beginTransaction();
        job.send(new ProducerRecord<>("predictions", value)).get();
        if (value.equals("aborted")) job.abortTransaction();
        if (value.equals("committed")) job.commitTransaction();
      }
      for (String[] set : new String[][] {{"plain", "share.auto.offset.reset", "earliest"}, {"careful", "share.auto.offset.reset", "earliest"}, {"careful", "share.isolation.level", "read_committed"}})
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, set[0]),
            List.of(new AlterConfigOp(new ConfigEntry(set[1], set[2]), AlterConfigOp.OpType.SET)))).all().get();
      List<String> plain = read(servers, "plain", 3, false), careful = read(servers, "careful", 1, false), refused = read(servers, "plain", 1, true);
      System.out.println("one record aborted, one committed, one open");
      System.out.println("share group as it is: " + plain + ", with share.isolation.level: " + careful + ", isolation.level on the consumer: " + refused);
      boolean same = plain.equals(List.of("aborted", "committed", "open")) && careful.equals(List.of("committed")) && refused.get(0).startsWith("refused");
      System.out.println(same ? "ok: still so" : "changed: share groups read what is committed");
      Runtime.getRuntime().halt(same ? 0 : 1);
    }
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
