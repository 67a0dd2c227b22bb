#!/usr/bin/env bash
# Guess: JSON data come out of a CloudEvent as they went in, whichever of the two modes carried it.
# So is: in binary mode they do, byte for byte. In structured mode they are parsed and written
#        again: a number of 21 digits becomes a double (1.2345678901234567E19), of a name that occurs
#        twice the first is gone, white space too.
# With:  cloudevents-kafka and cloudevents-json-jackson 4.0.1.
# So:    ids and sequences of more than 15 digits, and signatures over the payload, do not survive
#        structured mode. Where other fields of a frame travel on into the output, take them from the
#        record's own bytes, and not from the library's data.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>io.cloudevents</groupId><artifactId>cloudevents-kafka</artifactId><version>4.0.1</version></dependency>
  <dependency><groupId>io.cloudevents</groupId><artifactId>cloudevents-json-jackson</artifactId><version>4.0.1</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.*;
import java.net.URI;
import java.util.*;
import org.apache.kafka.common.header.internals.RecordHeaders;

public class Finding {
  static String round(String json, Encoding mode) {
    CloudEventSerializer serializer = new CloudEventSerializer();
    Map<String, Object> config = new HashMap<>(Map.of(CloudEventSerializer.ENCODING_CONFIG, mode));
    if (mode == Encoding.STRUCTURED) config.put(CloudEventSerializer.EVENT_FORMAT_CONFIG, JsonFormat.CONTENT_TYPE);
    serializer.configure(config, false);
    RecordHeaders headers = new RecordHeaders();
    CloudEvent event = CloudEventBuilder.v1().withId("1").withSource(URI.create("/camera/1")).withType("frame")
        .withData("application/json", json.getBytes()).build();
    byte[] value = serializer.serialize("frames", headers, event);
    String read = new String(new CloudEventDeserializer().deserialize("frames", headers, value).getData().toBytes());
    System.out.println(mode + ": " + read);
    return read;
  }

  public static void main(String[] args) {
    String json = "{\"frame\": 12345678901234567890.1, \"zone\": \"a\", \"zone\": \"b\"}";
    System.out.println("sent: " + json);
    boolean same = round(json, Encoding.BINARY).equals(json)
        & round(json, Encoding.STRUCTURED).equals("{\"frame\":1.2345678901234567E19,\"zone\":\"b\"}");
    System.out.println(same ? "ok: still so" : "changed: the modes carry JSON alike");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
