#!/usr/bin/env bash
# Guess: timestamp-millis and timestamp-micros, or decimals of scale 2 and 4, are different schemas:
#        another fingerprint, a conversion on reading, or at least "incompatible".
# So is: the canonical form drops logical types. Both have one CRC-64-AVRO fingerprint, so a
#        single-object message of one is decoded with the other without the writer's schema being
#        looked up; SchemaCompatibility says COMPATIBLE; even with both schemas at hand nothing is
#        converted: 12.34 is read as 0.1234, and a time as one in January 1970.
# With:  Avro Java 1.12.2, avsc 5.7.9 (npm: the same canonical form).
#        https://avro.apache.org/docs/1.12.0/specification/#parsing-canonical-form-for-schemas
# So:    the unit of a field is part of its name or never changes. A schema store keyed by fingerprint
#        cannot hold two units; changing one needs a new field.
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
  -Dmdep.outputFile=classpath > maven.log || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.*;
import org.apache.avro.*;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.*;
import org.apache.avro.message.*;

public class Finding {
  static Schema record(String type) {
    return new Schema.Parser().parse("{'type':'record','name':'Frame','fields':[{'name':'x','type':%s}]}".formatted(type).replace('\'', '"'));
  }

  static Object readAs(Schema written, Schema reader, GenericData data, Object value) throws Exception {
    GenericRecord record = new GenericData.Record(written);
    record.put("x", value);
    ByteBuffer message = new BinaryMessageEncoder<GenericRecord>(data, written).encode(record);
    BinaryMessageDecoder<GenericRecord> decoder = new BinaryMessageDecoder<>(data, reader);
    Object seen = decoder.decode(message).get("x"); // decoder knows no schema but the reader's
    System.out.printf("fingerprints %016x and %016x, %s: written %s, read %s%n", SchemaNormalization.parsingFingerprint64(written),
        SchemaNormalization.parsingFingerprint64(reader), SchemaCompatibility.checkReaderWriterCompatibility(reader, written).getType(), value, seen);
    return seen;
  }

  public static void main(String[] args) throws Exception {
    System.out.println("Avro " + Schema.class.getPackage().getImplementationVersion());
    GenericData data = new GenericData();
    data.addLogicalTypeConversion(new Conversions.DecimalConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
    String decimal = "{'type':'bytes','logicalType':'decimal','precision':9,'scale':%d}", time = "{'type':'long','logicalType':'timestamp-%s'}";
    Object price = readAs(record(decimal.formatted(2)), record(decimal.formatted(4)), data, new BigDecimal("12.34"));
    Object instant = readAs(record(time.formatted("millis")), record(time.formatted("micros")), data, Instant.parse("2026-01-01T00:00:00Z"));
    System.out.println("canonical: " + SchemaNormalization.toParsingForm(record(time.formatted("micros"))));
    boolean same = price.equals(new BigDecimal("0.1234")) && instant.equals(Instant.parse("1970-01-21T10:53:45.600Z"));
    System.out.println(same ? "ok: still so" : "changed: logical types are told apart");
    System.exit(same ? 0 : 1);
  }
}
END

cat > canonical.js <<'END'
const avsc = require('avsc'), version = require('avsc/package.json').version;
const form = unit => JSON.stringify(avsc.Type.forSchema({type: 'record', name: 'Frame',
  fields: [{name: 'x', type: {type: 'long', logicalType: 'timestamp-' + unit}}]}).schema());
console.log('avsc ' + version + ' canonical: ' + form('micros'));
process.exit(form('micros') === form('millis') ? 0 : 1);
END

npm install --silent --no-fund --no-audit avsc@5.7.9
node canonical.js || { echo "changed: avsc tells logical types apart"; exit 1; }
java -cp "$(cat classpath)" Finding.java
