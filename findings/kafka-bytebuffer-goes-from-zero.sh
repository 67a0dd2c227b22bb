#!/usr/bin/env bash
# Guess: ByteBufferSerializer writes what lies between position and limit, as channels and every other taker of
#        a ByteBuffer do, and leaves the buffer as it was.
# So is: it rewinds: everything from 0 to the limit is sent, and the position is 0 afterwards. An image that
#        was found behind a header of 6 bytes goes out with the header. slice() sends the image alone.
# With:  kafka-clients 4.2.2, on heap and off.
# So:    frames cut out of a larger packet (RTP, MJPEG parts, a file format's record) arrive with bytes before
#        the JPEG, which decoders refuse or, worse, skip. Give the producer slice(), or a byte array.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.ByteBufferSerializer;
import org.apache.kafka.common.utils.AppInfoParser;

public class Finding {
  static ByteBuffer window(ByteBuffer whole) {
    return whole.put("headerIMAGEtail".getBytes()).position(6).limit(11);
  }

  static String sent(ByteBuffer buffer) {
    return new String(new ByteBufferSerializer().serialize("frames", buffer));
  }

  public static void main(String[] args) {
    System.out.println("kafka-clients " + AppInfoParser.getVersion() + "; the buffer holds headerIMAGEtail, position 6, limit 11");
    ByteBuffer heap = window(ByteBuffer.allocate(15)), direct = window(ByteBuffer.allocateDirect(15));
    String onHeap = sent(heap), off = sent(direct), slice = sent(window(ByteBuffer.allocate(15)).slice());
    System.out.println("heap: " + onHeap + ", direct: " + off + ", slice: " + slice + "; position afterwards " + heap.position());
    boolean same = onHeap.equals("headerIMAGE") && off.equals("headerIMAGE") && slice.equals("IMAGE") && heap.position() == 0;
    System.out.println(same ? "ok: still so" : "changed: position and limit are kept");
    System.exit(same ? 0 : 1);
  }
}
END

java -cp "$(cat classpath)" Finding.java
