#!/usr/bin/env bash
# Guess: serializers of the two registries frame a record alike: a 0 byte, four bytes of schema id, the datum.
# So is: Apicurio's default writes the same 0 byte and then eight bytes, and of the global id. A reader of
#        Confluent's framing finds schema id 0 (the upper half of the eight bytes) and a datum that begins
#        with four bytes of id: not an error of framing, but another record, or none such schema. Four
#        bytes come from Legacy4ByteIdHandler, and the content id only with apicurio.registry.use-id.
# With:  io.apicurio:apicurio-registry-serde-common 2.6.13.Final.
#        https://www.apicur.io/registry/docs/apicurio-registry/2.6.x/getting-started/assembly-configuring-kafka-client-serdes.html
# So:    schema id 0 in a framed record means this, and deserves its own sentence in the dead letter.
#        Producers: headers.enabled=false, as-confluent or Legacy4ByteIdHandler, use-id=contentId.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>io.apicurio</groupId><artifactId>apicurio-registry-serde-common</artifactId><version>2.6.13.Final</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.serde.*;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.*;

public class Finding {
  /** What a reader of Confluent's framing takes for the id. */
  static int confluentId(IdHandler handler, Map<String, Object> config) throws Exception {
    handler.configure(config, false);
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.write(0);
    handler.writeId(ArtifactReference.builder().globalId(7L).contentId(5L).build(), record);
    int header = record.size();
    record.write(new byte[] {2, 4, 6, 8});
    byte[] bytes = record.toByteArray();
    int id = ByteBuffer.wrap(bytes).getInt(1);
    System.out.printf("%-22s %-46s %s (%d bytes before the datum): schema id %d, datum %s%n", handler.getClass().getSimpleName(), config,
        HexFormat.of().formatHex(bytes), header, id, HexFormat.of().formatHex(bytes, 5, bytes.length));
    return id;
  }

  public static void main(String[] args) throws Exception {
    System.out.println("global id 7, content id 5, datum 02040608");
    Map<String, Object> content = Map.of("apicurio.registry.use-id", "contentId");
    boolean same = confluentId(new DefaultIdHandler(), Map.of()) == 0 & confluentId(new Legacy4ByteIdHandler(), Map.of()) == 7
        & confluentId(new Legacy4ByteIdHandler(), content) == 5;
    System.out.println(same ? "ok: still so" : "changed: the default framing is Confluent's");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
