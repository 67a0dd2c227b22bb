#!/usr/bin/env bash
# Guess: a generic record with a Long above 2^31 or a Double in a field of type int cannot be written:
#        the writer refuses the wrong type, as it refuses an Integer in a union of null and long.
# So is: the writer calls intValue() on any Number. 3,000,000,000 is written as -1,294,967,296 and 5.9
#        as 5, without a word; GenericData.validate() alone notices. The two JavaScript libraries
#        refuse both.
# With:  Avro Java 1.12.2; avsc 5.7.9, avro-js 1.12.1.
# So:    a producer in Java that builds records from JSON or SQL can wrap a sequence number or a time
#        in silence, and consumers see frames out of order. Validate, or use generated classes.
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
import org.apache.avro.*;
import org.apache.avro.generic.*;
import org.apache.avro.io.*;

public class Finding {
  static Object written(Schema schema, Object value) throws Exception {
    GenericRecord record = new GenericData.Record(schema);
    record.put("sequence", value);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    Object seen;
    try {
      new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
      encoder.flush();
      seen = new GenericDatumReader<GenericRecord>(schema).read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null)).get("sequence");
    } catch (RuntimeException e) {
      seen = "refused";
    }
    System.out.printf("%-50s %s %s: %s (validate: %s)%n", schema.getField("sequence").schema(), value.getClass().getSimpleName(), value, seen,
        GenericData.get().validate(schema, record));
    return seen;
  }

  public static void main(String[] args) throws Exception {
    System.out.println("Avro " + Schema.class.getPackage().getImplementationVersion());
    String json = "{\"type\":\"record\",\"name\":\"Frame\",\"fields\":[{\"name\":\"sequence\",\"type\":%s}]}";
    Schema number = new Schema.Parser().parse(json.formatted("\"int\"")), union = new Schema.Parser().parse(json.formatted("[\"null\",\"long\"]"));
    boolean same = written(number, 3_000_000_000L).equals(-1_294_967_296) & written(number, 5.9).equals(5) & written(union, 5).equals("refused");
    System.out.println(same ? "ok: still so" : "changed: the writer refuses numbers that do not fit");
    System.exit(same ? 0 : 1);
  }
}
END

cat > refuses.js <<'END'
const types = {avsc: require('avsc').Type.forSchema('int'), 'avro-js': require('avro-js').parse('int')};
let same = true;
for (const [name, type] of Object.entries(types)) for (const value of [3000000000, 5.9]) {
  let seen = 'written';
  try { type.toBuffer(value); } catch (e) { seen = 'refused'; }
  console.log(name + ' ' + require(name + '/package.json').version + ', int: ' + value + ' ' + seen);
  same = same && seen === 'refused';
}
process.exit(same ? 0 : 1);
END

npm install --silent --no-fund --no-audit avsc@5.7.9 avro-js@1.12.1
node refuses.js || { echo "changed: JavaScript writes them too"; exit 1; }
java -cp "$(cat classpath)" Finding.java
