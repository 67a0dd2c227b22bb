#!/usr/bin/env bash
# Guess: an event whose data are bytes (a JPEG) and which has no datacontenttype is written in
#        structured mode with the bytes as data_base64, or refused by the producer.
# So is: without a content type the data count as JSON, and are put into the JSON text raw and
#        unchecked. The producer says nothing; the record is not JSON, and the same library's
#        deserializer throws. With datacontenttype image/jpeg it is data_base64, in binary mode all is
#        well in both cases.
# With:  cloudevents-kafka and cloudevents-json-jackson 4.0.1, kafka-clients 4.2.2.
#        https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
# So:    a record in structured mode may be no JSON at all: it is a dead letter, never an exception of
#        the job. Producers: set datacontenttype, or use binary mode for images.
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
  static String round(String what, CloudEvent event, Encoding mode) {
    CloudEventSerializer serializer = new CloudEventSerializer();
    Map<String, Object> config = new HashMap<>(Map.of(CloudEventSerializer.ENCODING_CONFIG, mode));
    if (mode == Encoding.STRUCTURED) config.put(CloudEventSerializer.EVENT_FORMAT_CONFIG, JsonFormat.CONTENT_TYPE);
    serializer.configure(config, false);
    RecordHeaders headers = new RecordHeaders();
    byte[] value = serializer.serialize("frames", headers, event);
    String read;
    try {
      byte[] data = new CloudEventDeserializer().deserialize("frames", headers, value).getData().toBytes();
      read = Arrays.equals(data, event.getData().toBytes()) ? "the same bytes" : "other bytes";
    } catch (RuntimeException e) {
      read = "unreadable";
    }
    System.out.printf("%-28s %-10s written without complaint (%d bytes), read back: %s%n", what, mode, value.length, read);
    return read;
  }

  public static void main(String[] args) {
    byte[] jpeg = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 16};
    CloudEventBuilder event = CloudEventBuilder.v1().withId("1").withSource(URI.create("/camera/1")).withType("frame");
    CloudEvent untyped = event.withData(jpeg).build();
    CloudEvent typed = event.withData("image/jpeg", jpeg).build();
    boolean same = round("no datacontenttype", untyped, Encoding.STRUCTURED).equals("unreadable")
        & round("no datacontenttype", untyped, Encoding.BINARY).equals("the same bytes")
        & round("datacontenttype image/jpeg", typed, Encoding.STRUCTURED).equals("the same bytes");
    System.out.println(same ? "ok: still so" : "changed: bytes without a type are written so that they can be read");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
