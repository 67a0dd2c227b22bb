#!/usr/bin/env bash
# Guess: the transactional id prefix is a name like the group id: two jobs that both leave it at one value
#        share it, or the second one is refused at its start.
# So is: the second job starts as well as ever and takes over the first one's transactional ids. The
#        first, which did nothing wrong, fails (here InvalidProducerEpochException), long after it
#        started and without a word of another job.
# With:  Flink 2.3.0, flink-connector-kafka 5.0.0-2.2, Kafka 4.2.2, exactly-once sinks of two processes.
#        https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/kafka/ (prefix unique per job)
# So:    a copied configuration stops the job that was there before. What makes a job unique (pipeline,
#        group, topic) belongs into its prefix.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-streaming-java</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-clients</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-kafka</artifactId><version>5.0.0-2.2</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-base</artifactId><version>2.3.0</version></dependency>
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

cat > Job.java <<'END'
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.configuration.*;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.*;
import org.apache.flink.connector.kafka.source.*;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

public class Job {
  public static void main(String[] args) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("rest.port", "0");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(1);
    env.enableCheckpointing(500);
    env.fromSequence(1, 1_000_000).map(x -> {
      Thread.sleep(20);
      return args[1];
    }).returns(String.class).sinkTo(KafkaSink.<String>builder().setBootstrapServers(args[0]).setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(args[2]).setProperty("transaction.timeout.ms", "60000")
        .setRecordSerializer((value, context, timestamp) -> new org.apache.kafka.clients.producer.ProducerRecord<>(args[3], value.getBytes())).build());
    try {
      env.execute();
    } catch (Exception e) {
      Throwable root = e;
      while (root.getCause() != null) root = root.getCause();
      System.out.println(root.getClass().getSimpleName());
      Runtime.getRuntime().halt(1);
    }
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
  static Process job(String servers, String name, String prefix, String topic) throws Exception {
    return new ProcessBuilder("java", "--add-opens=java.base/java.util=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), "Job", servers, name, prefix, topic)
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Committed records of a job since this call, at least one, or a death. */
  static boolean commits(KafkaConsumer<String, String> consumer, String name, Process... watched) {
    for (int i = 0; i < 600; i++) {
      for (ConsumerRecord<String, String> r : consumer.poll(Duration.ofMillis(100))) if (r.value().equals(name)) return true;
      for (Process process : watched) if (!process.isAlive()) return false;
    }
    return false;
  }

  static String pair(String servers, KafkaConsumer<String, String> consumer, String firstPrefix, String secondPrefix) throws Exception {
    String topic = firstPrefix + secondPrefix; // a topic each: what a killed job leaves open would hide the next one's records
    consumer.assign(List.of(new TopicPartition(topic, 0)));
    String one = "one of " + firstPrefix + secondPrefix, two = "two of " + firstPrefix + secondPrefix;
    Process first = job(servers, one, firstPrefix, topic);
    boolean began = commits(consumer, one, first);
    Process second = job(servers, two, secondPrefix, topic);
    boolean secondRuns = commits(consumer, two, second);
    first.waitFor(10, TimeUnit.SECONDS);
    String fate = first.isAlive() ? "runs on" : "failed: " + new String(first.getInputStream().readAllBytes()).strip();
    first.destroyForcibly().waitFor();
    second.destroyForcibly().waitFor();
    System.out.println("prefixes " + firstPrefix + " and " + secondPrefix + ": first job began " + began + ", second commits " + secondRuns + ", first " + fate);
    return began && secondRuns ? fate : "not tried";
  }

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers)); KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", servers,
        "isolation.level", "read_committed", "auto.offset.reset", "earliest"), new StringDeserializer(), new StringDeserializer())) {
      admin.createTopics(List.of(new NewTopic("aa", 1, (short) 1), new NewTopic("bc", 1, (short) 1))).all().get();
      boolean same = pair(servers, consumer, "a", "a").startsWith("failed: ") & pair(servers, consumer, "b", "c").equals("runs on");
      System.out.println(same ? "ok: still so" : "changed: jobs of one prefix share it, or the second is refused");
      Runtime.getRuntime().halt(same ? 0 : 1);
    }
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
