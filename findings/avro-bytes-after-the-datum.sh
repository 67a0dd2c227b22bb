#!/usr/bin/env bash
# Guess: BinaryMessageDecoder refuses a message that goes on after the record: single-object encoding
#        holds one object.
# So is: what follows the record is not looked at. Two messages in one Kafka value, as a producer
#        that batches by itself sends them, decode to the first; the second is lost in silence.
# With:  Avro Java 1.12.1. https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding
# So:    a reader that must not lose records checks that the datum ends where the value ends.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.avro</groupId><artifactId>avro</artifactId><version>1.12.1</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.nio.ByteBuffer;
import org.apache.avro.*;
import org.apache.avro.generic.*;
import org.apache.avro.message.*;

public class Finding {
  public static void main(String[] args) throws Exception {
    Schema schema = SchemaBuilder.record("Frame").fields().requiredLong("sequence").endRecord();
    BinaryMessageEncoder<GenericRecord> encoder = new BinaryMessageEncoder<>(GenericData.get(), schema);
    BinaryMessageDecoder<GenericRecord> decoder = new BinaryMessageDecoder<>(GenericData.get(), schema);
    ByteBuffer first = encoder.encode(new GenericRecordBuilder(schema).set("sequence", 1L).build());
    ByteBuffer second = encoder.encode(new GenericRecordBuilder(schema).set("sequence", 2L).build());
    ByteBuffer both = ByteBuffer.allocate(first.remaining() + second.remaining());
    both.put(first).put(second).flip();
    String result;
    try {
      result = decoder.decode(both.array()).toString();
    } catch (Exception e) {
      result = e.toString();
    }
    System.out.println("Avro " + Schema.class.getPackage().getImplementationVersion() + ": two messages of "
        + both.capacity() + " bytes decode to " + result);
    System.exit(result.equals("{\"sequence\": 1}") ? 0 : 1);
  }
}
END

java -cp "$(cat classpath)" Finding.java 2>/dev/null || { echo "changed: the rest is refused, or read"; exit 1; }
echo "ok: still so"
