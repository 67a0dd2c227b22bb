#!/usr/bin/env bash
# Guess: a schema that Avro's Java library parses, and records that it resolves, work in any other
#        Avro library of about the same age, certainly in the project's own one for JavaScript.
# So is: Java takes a union default of any branch, names with letters beyond ASCII, and a writer whose
#        record has another namespace; avsc and Apache's avro-js refuse all three. avro-js,
#        released with the same number as Java's, knows no default of an enum; avsc and Java do.
# With:  Avro Java 1.12.2, avsc 5.7.9, avro-js 1.12.1 (npm).
# So:    a published schema keeps to what all take: null first and null the default, ASCII names, one
#        namespace for ever, no enum that may grow. The schemas of the topics do; keep them so.
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

cat > cases.json <<'END'
[{"name": "union default of the second branch", "value": [2],
  "writer": {"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}]},
  "reader": {"type": "record", "name": "R", "fields": [{"name": "x", "type": ["null", "string"], "default": "abc"}]}},
 {"name": "a name beyond ASCII", "value": [2],
  "writer": {"type": "record", "name": "R", "fields": [{"name": "größe", "type": "int"}]},
  "reader": {"type": "record", "name": "R", "fields": [{"name": "größe", "type": "int"}]}},
 {"name": "another namespace", "value": [2],
  "writer": {"type": "record", "name": "old.R", "fields": [{"name": "x", "type": "int"}]},
  "reader": {"type": "record", "name": "new.R", "fields": [{"name": "x", "type": "int"}]}},
 {"name": "an unknown symbol, enum default", "value": [4],
  "writer": {"type": "enum", "name": "E", "symbols": ["A", "B", "C"]},
  "reader": {"type": "enum", "name": "E", "symbols": ["A", "B"], "default": "A"}}]
END

cat > Finding.java <<'END'
import com.fasterxml.jackson.databind.*;
import java.io.File;
import org.apache.avro.*;
import org.apache.avro.generic.*;
import org.apache.avro.io.DecoderFactory;

public class Finding {
  public static void main(String[] args) throws Exception {
    for (JsonNode test : new ObjectMapper().readTree(new File("cases.json"))) {
      byte[] value = {(byte) test.get("value").get(0).asInt()};
      String seen;
      try {
        Schema writer = new Schema.Parser().parse(test.get("writer").toString()), reader = new Schema.Parser().parse(test.get("reader").toString());
        new GenericDatumReader<>(writer, reader).read(null, DecoderFactory.get().binaryDecoder(value, null));
        seen = "read";
      } catch (AvroRuntimeException e) {
        seen = "refused";
      }
      System.out.println(test.get("name").asText() + ";java " + Schema.class.getPackage().getImplementationVersion() + " " + seen);
    }
  }
}
END

cat > cases.js <<'END'
const cases = JSON.parse(require('fs').readFileSync('cases.json'));
for (const name of ['avsc', 'avro-js']) for (const test of cases) {
  const avro = require(name), parse = s => (name === 'avsc' ? avro.Type.forSchema(s) : avro.parse(s));
  let seen = 'read';
  try {
    const writer = parse(test.writer), reader = parse(test.reader);
    reader.fromBuffer(Buffer.from(test.value), reader.createResolver(writer));
  } catch (e) { seen = 'refused'; }
  console.log(test.name + ';' + name + ' ' + require(name + '/package.json').version + ' ' + seen);
}
END

npm install --silent --no-fund --no-audit avsc@5.7.9 avro-js@1.12.1
{ java -cp "$(cat classpath)" Finding.java; node cases.js; } | sort | tee seen | column -t -s ';'
cat > expected <<'END'
a name beyond ASCII;avro-js 1.12.1 refused
a name beyond ASCII;avsc 5.7.9 refused
a name beyond ASCII;java 1.12.2 read
an unknown symbol, enum default;avro-js 1.12.1 refused
an unknown symbol, enum default;avsc 5.7.9 read
an unknown symbol, enum default;java 1.12.2 read
another namespace;avro-js 1.12.1 refused
another namespace;avsc 5.7.9 refused
another namespace;java 1.12.2 read
union default of the second branch;avro-js 1.12.1 refused
union default of the second branch;avsc 5.7.9 refused
union default of the second branch;java 1.12.2 read
END
if diff <(sort expected) <(sort seen); then echo "ok: still so"; else echo "changed: the libraries agree more, or less"; exit 1; fi
