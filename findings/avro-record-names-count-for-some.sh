#!/usr/bin/env bash
# Guess: readers agree whether a record called a.Frame can be read as b.Picture with the same fields.
# So is: Java's SchemaCompatibility says INCOMPATIBLE (NAME_MISMATCH), and Java's own reader reads it; avsc refuses, also
#        where only the namespace differs, until the reader's schema has the other name as an alias.
# With:  Avro Java 1.12.2, avsc 5.7.9 (npm).
# So:    a renamed record passes all tests in Java and stops consumers in Node, and a registry that checks refuses what
#        works. Keep a record's full name, or give aliases.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.avro</groupId><artifactId>avro</artifactId><version>1.12.2</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }
npm install --silent --no-fund --no-audit avsc@5.7.9 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > Finding.java <<'END'
import java.io.ByteArrayOutputStream;
import org.apache.avro.*;
import org.apache.avro.generic.*;
import org.apache.avro.io.*;

public class Finding {
  static Schema schema(String name) {
    return new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}");
  }

  public static void main(String[] args) throws Exception {
    Schema writer = schema("a.Frame"), reader = schema("b.Picture");
    GenericRecord frame = new GenericRecordBuilder(writer).set("x", 7).build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(writer).write(frame, encoder);
    encoder.flush();
    Object read = new GenericDatumReader<GenericRecord>(writer, reader).read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    String why = compatibility.getResult().getIncompatibilities().get(0).getType().name();
    System.out.println("Avro " + Schema.class.getPackage().getImplementationVersion() + ": " + compatibility.getType() + " (" + why + "), and its reader gives " + read);
    System.exit(read.toString().equals("{\"x\": 7}") && why.equals("NAME_MISMATCH") ? 0 : 1);
  }
}
END

cat > finding.cjs <<'END'
const avro = require('avsc');
const type = (name, aliases = []) => avro.Type.forSchema({type: 'record', name, aliases, fields: [{name: 'x', type: 'int'}]});
const read = (writer, reader) => { try { return JSON.stringify(reader.fromBuffer(writer.toBuffer({x: 7}), reader.createResolver(writer))); } catch (e) { return e.message; } };
const other = read(type('a.Frame'), type('b.Picture')), space = read(type('a.Frame'), type('b.Frame')), alias = read(type('a.Frame'), type('b.Picture', ['a.Frame']));
console.log(`avsc: another name: ${other}; another namespace: ${space}; with an alias: ${alias}`);
process.exit(other.includes('no alias found') && space.includes('no alias found') && alias === '{"x":7}' ? 0 : 1);
END

java=0; java -cp "$(cat classpath)" Finding.java 2> run.log || java=1
node=0; node finding.cjs || node=1
if [ $java$node = 00 ]; then echo 'ok: still so'; else cat run.log; echo 'changed: both agree'; exit 1; fi
