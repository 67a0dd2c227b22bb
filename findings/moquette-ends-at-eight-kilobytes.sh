#!/usr/bin/env bash
# Guess: an MQTT broker takes what the protocol takes (256 MB), or tells a publisher that a message is too large.
# So is: Moquette, the broker to embed in Java, takes 8,092 bytes in all and closes the connection of who sends
#        more. With QoS 0 the client's publish has succeeded by then; with QoS 1 it fails with "Session
#        expired", which names no size. 8,000 bytes arrive.
# With:  io.moquette:moquette-broker 0.17, com.hivemq:hivemq-mqtt-client 1.3.5 (MQTT 3.1.1).
# So:    a test with thumbnails passes, and every real frame ends a camera's connection, which comes back and
#        does it again. Set netty.mqtt.message_size.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>io.moquette</groupId><artifactId>moquette-broker</artifactId><version>0.17</version></dependency>
  <dependency><groupId>com.hivemq</groupId><artifactId>hivemq-mqtt-client</artifactId><version>1.3.5</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.*;
import io.moquette.broker.Server;
import io.moquette.broker.config.MemoryConfig;
import java.net.*;
import java.util.*;
import java.util.concurrent.*;

public class Finding {
  static Mqtt3AsyncClient connect(int port, String id) {
    Mqtt3Client client = Mqtt3Client.builder().identifier(id).serverHost("127.0.0.1").serverPort(port).build();
    client.toBlocking().connect();
    return client.toAsync();
  }

  static String published(int port, int size, MqttQos qos) throws Exception {
    Mqtt3AsyncClient camera = connect(port, "camera" + size + qos.getCode()), reader = connect(port, "reader" + size + qos.getCode());
    BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
    reader.subscribeWith().topicFilter("frames").callback(frame -> received.add(frame.getPayloadAsBytes().length)).send().get();
    String told = "succeeded";
    try {
      camera.publishWith().topic("frames").payload(new byte[size]).qos(qos).send().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      told = e.getCause().getClass().getSimpleName();
    }
    Integer bytes = received.poll(size > 8000 ? 2 : 10, TimeUnit.SECONDS);
    return size + " bytes, QoS " + qos.getCode() + ": publish " + told + ", " + (bytes == null ? "nothing" : bytes) + " received, camera " + camera.getState();
  }

  public static void main(String[] args) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Properties config = new Properties();
    config.putAll(Map.of("host", "127.0.0.1", "port", "" + port, "persistence_enabled", "false", "telemetry_enabled", "false", "allow_anonymous", "true"));
    new Server().startServer(new MemoryConfig(config));
    List<String> seen = new ArrayList<>();
    for (MqttQos qos : List.of(MqttQos.AT_MOST_ONCE, MqttQos.AT_LEAST_ONCE))
      for (int size : new int[] {8000, 20000}) seen.add(published(port, size, qos));
    seen.forEach(System.out::println);
    boolean same = seen.equals(List.of("8000 bytes, QoS 0: publish succeeded, 8000 received, camera CONNECTED",
        "20000 bytes, QoS 0: publish succeeded, nothing received, camera DISCONNECTED", "8000 bytes, QoS 1: publish succeeded, 8000 received, camera CONNECTED",
        "20000 bytes, QoS 1: publish MqttSessionExpiredException, nothing received, camera DISCONNECTED"));
    System.out.println(same ? "ok: still so" : "changed: another size, or another answer");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java 2> run.log || { tail -20 run.log; exit 1; }
