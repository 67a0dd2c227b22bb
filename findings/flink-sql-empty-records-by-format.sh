#!/usr/bin/env bash
# Guess: a table of Kafka's has one row per record, whatever its format: a record without a value (a
#        tombstone) is a row of NULLs, and one of no bytes, which is no JSON, fails the job, as any
#        other text that is no JSON does.
# So is: it depends on the format. raw has a row for each, NULL and empty. json drops both in silence,
#        also where parse errors are not ignored: 2 of 4 records, no error, no counter; text that is
#        no JSON does fail the job.
# With:  Flink 2.3.0, flink-connector-kafka 5.0.0-2.2, flink-json 2.3.0, Kafka 4.2.2.
# So:    a camera whose encoder gives nothing is seen in one table and not in another over the same
#        topic, and counts of frames differ. Compare counts with offsets (offset is a metadata column).
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
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-table-api-java-bridge</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-table-planner-loader</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-table-runtime</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-kafka</artifactId><version>5.0.0-2.2</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-base</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-json</artifactId><version>2.3.0</version></dependency>
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
import org.apache.flink.table.api.*;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.ByteArraySerializer;

public class Finding {
  static final TableEnvironment ENV = TableEnvironment.create(EnvironmentSettings.inStreamingMode());

  static String offsets(String topic, String broker, String column, String format) {
    String table = topic + "_" + format;
    ENV.executeSql("CREATE TABLE " + table + " (" + column + ", `offset` BIGINT METADATA) WITH ('connector' = 'kafka', 'topic' = '" + topic + "', 'properties.bootstrap.servers' = '" + broker + "', 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = '" + format + "')");
    List<Object> offsets = new ArrayList<>();
    try (CloseableIterator<Row> all = ENV.executeSql("SELECT * FROM " + table).collect()) {
      all.forEachRemaining(row -> offsets.add(row.getField(1)));
      return offsets.toString();
    } catch (Exception e) {
      Throwable root = e;
      while (root.getCause() != null) root = root.getCause();
      return "fails: " + root.getClass().getSimpleName();
    }
  }

  public static void main(String[] args) throws Exception {
    System.out.println("Flink " + org.apache.flink.runtime.util.EnvironmentInformation.getVersion() + ", Kafka " + org.apache.kafka.common.utils.AppInfoParser.getVersion());
    String broker = Broker.start();
    ENV.getConfig().set("parallelism.default", "1");
    ENV.getConfig().set("restart-strategy.type", "disable");
    Properties p = new Properties();
    p.put("bootstrap.servers", broker);
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (byte[] value : new byte[][] {"{\"id\": 1}".getBytes(), null, {}, "{\"id\": 4}".getBytes()}) producer.send(new ProducerRecord<>("frames", value)).get();
      producer.send(new ProducerRecord<>("broken", "no JSON".getBytes())).get();
    }
    String raw = offsets("frames", broker, "image BYTES", "raw");
    String json = offsets("frames", broker, "id INT", "json");
    String broken = offsets("broken", broker, "id INT", "json");
    System.out.println("records: 0 JSON, 1 without a value, 2 of no bytes, 3 JSON\n  raw:  offsets " + raw + "\n  json: offsets " + json + "\na record that is no JSON: " + broken);
    boolean same = raw.equals("[0, 1, 2, 3]") && json.equals("[0, 3]") && broken.startsWith("fails: ");
    System.out.println(same ? "ok: still so" : "changed: formats agree on empty records, or say something");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END
mkdir -p classes
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
