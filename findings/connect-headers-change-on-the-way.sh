#!/usr/bin/env bash
# Guess: a connector that copies a record copies its headers; Kafka Connect's default converter leaves bytes
#        that it does not understand alone.
# So is: SimpleHeaderConverter, the default, reads every value as text and takes what looks like a value at its
#        beginning: "51.50, 0.12" becomes 51.5, "12:00" 12, "0012345" 12345, "1.0" 1, a number of 21 digits
#        a float; bytes that are no UTF-8 become U+FFFD. What is written at the other end is that.
#        traceparent and "gate-4" stay as they are. Nothing fails.
# With:  org.apache.kafka:connect-api 4.2.2, SimpleHeaderConverter there and back.
# So:    camera ids with leading zeros, places, versions and binary ids in headers change between a frame and
#        its archive. header.converter=org.apache.kafka.connect.converters.ByteArrayConverter for connectors
#        on the topics.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.util.*;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.connect.converters.ByteArrayConverter;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.storage.*;

public class Finding {
  static byte[] through(HeaderConverter converter, byte[] value) {
    SchemaAndValue header = converter.toConnectHeader("frames", "h", value);
    return converter.fromConnectHeader("frames", "h", header.schema(), header.value());
  }

  public static void main(String[] args) {
    System.out.println("Kafka Connect " + AppInfoParser.getVersion());
    HeaderConverter usual = new SimpleHeaderConverter(), bytes = new ByteArrayConverter();
    List<String> seen = new ArrayList<>();
    boolean kept = true;
    for (String value : List.of("51.50, 0.12", "12:00", "0012345", "1.0", "123456789012345678901.5", "gate-4", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")) {
      String after = new String(through(usual, value.getBytes()));
      kept &= new String(through(bytes, value.getBytes())).equals(value);
      System.out.println(value + " -> " + after);
      seen.add(after);
    }
    byte[] id = {(byte) 0xca, (byte) 0xfe, 7};
    String binary = HexFormat.of().formatHex(through(usual, id));
    kept &= Arrays.equals(through(bytes, id), id);
    System.out.println("bytes cafe07 -> " + binary + "; ByteArrayConverter keeps all: " + kept);
    boolean same = seen.equals(List.of("51.5", "12", "12345", "1", "1.2345679E20", "gate-4", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
        && binary.equals("efbfbdefbfbd07") && kept;
    System.out.println(same ? "ok: still so" : "changed: headers pass in another way");
    System.exit(same ? 0 : 1);
  }
}
END

java -cp "$(cat classpath)" Finding.java
