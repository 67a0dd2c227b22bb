#!/usr/bin/env bash
# Guess: Kafka Connect's JsonConverter writes of a ByteBuffer what it holds, in base64: a ByteBuffer is one of the two
#        classes that Connect has for bytes.
# So is: it writes the whole array behind the buffer, whatever position, limit or slice say: of IMAGE in
#        "headerIMAGEtail" all 15 bytes. A buffer off the heap throws UnsupportedOperationException.
#        ByteArrayConverter writes from 0 to the limit. With byte[] both are right.
# With:  org.apache.kafka:connect-json, connect-runtime 4.2.2.
# So:    a source connector that cuts images out of a stream writes its neighbours' bytes into each record, and
#        decoders that stop at the end mark hide it. Give Connect byte arrays.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.nio.ByteBuffer;
import java.util.*;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.connect.converters.ByteArrayConverter;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.json.JsonConverter;

public class Finding {
  static String json(Object bytes) {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "false", "converter.type", "value"));
      String text = new String(converter.fromConnectData("frames", Schema.BYTES_SCHEMA, bytes));
      return new String(Base64.getDecoder().decode(text.replace("\"", "")));
    } catch (UnsupportedOperationException e) {
      return "UnsupportedOperationException";
    }
  }

  static ByteBuffer window(ByteBuffer whole) {
    return whole.put("headerIMAGEtail".getBytes()).position(6).limit(11);
  }

  public static void main(String[] args) {
    String seen = "byte[] " + json("IMAGE".getBytes()) + ", window " + json(window(ByteBuffer.allocate(15))) + ", slice " + json(window(ByteBuffer.allocate(15)).slice())
        + ", direct " + json(window(ByteBuffer.allocateDirect(15))) + "; ByteArrayConverter, window "
        + new String(new ByteArrayConverter().fromConnectData("frames", Schema.BYTES_SCHEMA, window(ByteBuffer.allocate(15))));
    System.out.println("Kafka Connect " + AppInfoParser.getVersion() + "; JsonConverter: " + seen);
    boolean same = seen.equals("byte[] IMAGE, window headerIMAGEtail, slice headerIMAGEtail, direct UnsupportedOperationException; ByteArrayConverter, window headerIMAGE");
    System.out.println(same ? "ok: still so" : "changed: position and limit count");
    System.exit(same ? 0 : 1);
  }
}
END

java -cp "$(cat classpath)" Finding.java
