#!/usr/bin/env bash
# Guess: kcat -J prints a record as a line of JSON, so that jq or a script can take the image out of it.
# So is: bytes that are no UTF-8 stand in the text as they are: it is no JSON (RFC 8259), and Node, which takes it,
#        makes U+FFFD of each. -C without -J puts a newline behind the image; with -c 1 -f '%s' the
#        bytes are whole.
# With:  broker 4.2.2, kcat 1.7.1-2 with librdkafka 2.0.2-1 (Debian 12), Node.js 18 or later.
# So:    frames and dead letters archived by kcat -J cannot be replayed. Use -f '%s' for one record, or JSON
#        outcomes, where payloads are base64.
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
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.*;
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.*;

public class Finding {
  static byte[] run(byte[] input, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    if (command[0].contains("kcat")) builder.environment().put("LD_LIBRARY_PATH", new File("debian/usr/lib/x86_64-linux-gnu").getAbsolutePath());
    Process process = builder.start();
    try (var out = process.getOutputStream()) {
      out.write(input);
    }
    byte[] output = process.getInputStream().readAllBytes();
    process.waitFor();
    return output;
  }

  public static void main(String[] args) throws Exception {
    String servers = Broker.start();
    byte[] image = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xdb, 0, 10, '"', (byte) 0xff, (byte) 0xd9}, none = {};
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers), new ByteArraySerializer(), new ByteArraySerializer())) {
      admin.createTopics(List.of(new NewTopic("frames", 1, (short) 1))).all().get();
      producer.send(new ProducerRecord<>("frames", image)).get();
    }
    String[] kcat = {"debian/usr/bin/kcat", "-b", servers, "-C", "-t", "frames", "-e", "-q"};
    List<String> json = new ArrayList<>(List.of(kcat)), format = new ArrayList<>(List.of(kcat));
    json.add("-J");
    format.addAll(List.of("-c", "1", "-f", "%s"));
    byte[] line = run(none, json.toArray(String[]::new)), plain = run(none, kcat), formatted = run(none, format.toArray(String[]::new));
    boolean utf8 = true;
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
    } catch (CharacterCodingException e) {
      utf8 = false;
    }
    String node = new String(run(line, "node", "-e", "console.log(Buffer.from(JSON.parse(require('fs').readFileSync(0, 'utf8')).payload).toString('hex'))")).strip();
    HexFormat hex = HexFormat.of();
    System.out.println("image:      " + hex.formatHex(image) + "\nkcat -C:    " + hex.formatHex(plain) + "\nkcat -f %s: " + hex.formatHex(formatted)
        + "\nkcat -J:    " + (utf8 ? "UTF-8" : "no UTF-8") + ", by Node " + node);
    boolean same = !utf8 && node.equals("efbfbdefbfbdefbfbdefbfbd000a22efbfbdefbfbd") && hex.formatHex(plain).equals(hex.formatHex(image) + "0a") && Arrays.equals(formatted, image);
    System.out.println(same ? "ok: still so" : "changed: kcat writes bytes in another way");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

set -- kcat=1.7.1-2 librdkafka1=2.0.2-1 libyajl2 liblz4-1 libsasl2-2
apt-get -qq download "$@" > apt.log 2>&1 || { cat apt.log; echo "needs Debian 12 and apt-get update"; exit 1; }
for package in *.deb; do dpkg -x "$package" debian; done
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
