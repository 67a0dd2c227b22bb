#!/usr/bin/env bash
# Guess: what is a valid extension of an event in one mode is valid in the other, with the same value.
# So is: read from Kafka headers (binary), ce_cameraId is taken and becomes "cameraid"; in JSON
#        (structured) "cameraId" throws away the whole event. A sequence of 3,000,000,000 comes as
#        text in binary mode and throws in structured mode, since an Integer has 32 bits. Numbers and
#        booleans come back as text in binary mode, so that an event does not equal itself after a
#        round trip. `ce_camera-id` throws in both.
# With:  cloudevents-kafka and cloudevents-json-jackson 4.0.1.
#        https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md (names: a-z and 0-9)
# So:    one camel-case attribute of a foreign producer can make every frame unreadable in one mode and
#        not in the other. Names in lower case, sequences as text; a test in both modes.
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
  static String read(String what, RecordHeaders headers, String value) {
    String seen;
    try {
      CloudEvent event = new CloudEventDeserializer().deserialize("frames", headers, value.getBytes());
      StringBuilder all = new StringBuilder();
      for (String name : event.getExtensionNames())
        all.append(name).append('=').append(event.getExtension(name)).append(" (").append(event.getExtension(name).getClass().getSimpleName()).append(")");
      seen = all.toString();
    } catch (RuntimeException e) {
      seen = "refused";
    }
    System.out.printf("%-34s %s%n", what, seen);
    return seen;
  }

  static String binary(String name, String value) {
    RecordHeaders headers = new RecordHeaders();
    Map.of("ce_specversion", "1.0", "ce_id", "1", "ce_source", "/c", "ce_type", "frame", name, value)
        .forEach((k, v) -> headers.add(k, v.getBytes()));
    return read("binary     " + name + ": " + value, headers, "x");
  }

  static String structured(String field) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("content-type", "application/cloudevents+json".getBytes());
    return read("structured " + field, headers,
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/c\",\"type\":\"frame\"," + field + "}");
  }

  public static void main(String[] args) {
    boolean same = binary("ce_cameraId", "gate").equals("cameraid=gate (String)")
        & structured("\"cameraId\":\"gate\"").equals("refused")
        & binary("ce_sequence", "3000000000").equals("sequence=3000000000 (String)")
        & structured("\"sequence\":3000000000").equals("refused")
        & binary("ce_zone", "7").equals("zone=7 (String)")
        & structured("\"zone\":7").equals("zone=7 (Integer)")
        & binary("ce_camera-id", "gate").equals("refused")
        & structured("\"camera-id\":\"gate\"").equals("refused");
    System.out.println(same ? "ok: still so" : "changed: other names or values are taken");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
