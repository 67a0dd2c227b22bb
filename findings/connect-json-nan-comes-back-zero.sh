#!/usr/bin/env bash
# Guess: JsonConverter refuses NaN, for which JSON has no word, or NaN comes back as NaN.
# So is: it writes the text "NaN", and reads it as 0.0, with its own schema beside it; "Infinity" too, as FLOAT32 and as
#        FLOAT64. Of text that is no number it makes 0 as well, without a word.
# With:  org.apache.kafka:connect-json 4.2.2.
# So:    a measurement that failed upstream is a sound 0 behind a connector. Filter NaN before the
#        connector.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.util.*;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.json.JsonConverter;

public class Finding {
  public static void main(String[] args) {
    List<String> seen = new ArrayList<>();
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("converter.type", "value"));
      Map<Object, Schema> values = new LinkedHashMap<>();
      values.put(Float.NaN, Schema.FLOAT32_SCHEMA);
      values.put(Double.NaN, Schema.FLOAT64_SCHEMA);
      values.put(Double.NEGATIVE_INFINITY, Schema.FLOAT64_SCHEMA);
      values.put(0.5, Schema.FLOAT64_SCHEMA);
      values.forEach((value, schema) -> {
        byte[] json = converter.fromConnectData("scores", schema, value);
        seen.add(value + " comes back as " + converter.toConnectData("scores", json).value());
        System.out.println(new String(json) + ": " + seen.get(seen.size() - 1));
      });
      byte[] text = "{\"schema\":{\"type\":\"double\",\"optional\":false},\"payload\":\"high\"}".getBytes();
      seen.add("text: " + converter.toConnectData("scores", text).value());
    }
    System.out.println("Kafka " + AppInfoParser.getVersion() + "; \"high\" as a double, " + seen.get(4));
    boolean same = seen.equals(List.of("NaN comes back as 0.0", "NaN comes back as 0.0", "-Infinity comes back as 0.0", "0.5 comes back as 0.5", "text: 0.0"));
    System.out.println(same ? "ok: still so" : "changed: NaN is NaN, or refused");
    System.exit(same ? 0 : 1);
  }
}
END

java -cp "$(cat classpath)" Finding.java 2> run.log || { tail -20 run.log; exit 1; }
