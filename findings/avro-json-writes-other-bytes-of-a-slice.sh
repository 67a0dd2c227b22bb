#!/usr/bin/env bash
# Guess: Avro's JSON encoder writes the bytes of a ByteBuffer that its binary encoder writes.
# So is: of a slice() it writes as many bytes from the beginning of the array behind it: "heade" for IMAGE out of
#        "headerIMAGEtail". Binary encoders, deepCopy, compare and toString are right, and so is JSON of a
#        buffer with a position, or off the heap.
# With:  Avro Java 1.12.2.
# So:    dumps of frames in JSON, and tests that compare them, show a piece of the packet in place of the image,
#        of the right length. Copy the bytes before such a record is written as JSON.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.avro</groupId><artifactId>avro</artifactId><version>1.12.2</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.*;

public class Finding {
  static final Schema BYTES = Schema.create(Schema.Type.BYTES);

  static String written(ByteBuffer bytes, boolean json) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Encoder encoder = json ? EncoderFactory.get().jsonEncoder(BYTES, out) : EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<ByteBuffer>(BYTES).write(bytes, encoder);
    encoder.flush();
    return json ? out.toString().replace("\"", "") : out.toString().substring(1);
  }

  public static void main(String[] args) throws Exception {
    ByteBuffer window = ByteBuffer.wrap("headerIMAGEtail".getBytes(), 6, 5), slice = window.slice();
    String seen = "Avro " + Schema.class.getPackage().getImplementationVersion() + "; window: binary " + written(window, false) + ", JSON " + written(window, true)
        + "; slice: binary " + written(slice, false) + ", JSON " + written(slice, true);
    System.out.println(seen);
    boolean same = seen.endsWith("window: binary IMAGE, JSON IMAGE; slice: binary IMAGE, JSON heade");
    System.out.println(same ? "ok: still so" : "changed: the encoders agree");
    System.exit(same ? 0 : 1);
  }
}
END

java -cp "$(cat classpath)" Finding.java
