#!/usr/bin/env bash
# Guess: of outputs that are asked for by name, result.get(0) is the first of the model's, or the first that was asked
#        for.
# So is: it is the first in the iteration of the Set that the Java API takes. With Set.of("early", "middle", "late") that
#        changes from one start of the JVM to the next; with a HashSet it is the order of hashes. Nothing
#        asked for, it is the model's.
# With:  com.microsoft.onnxruntime 1.28.0, JDK 17, npm onnx-proto 8.0.1 for the model.
# So:    a test passes, and a TaskManager that starts again takes another exit's logits: same type, same shape.
#        result.get(name), or a LinkedHashSet.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>com.microsoft.onnxruntime</groupId><artifactId>onnxruntime</artifactId><version>1.28.0</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }
npm install --silent --no-fund --no-audit onnx-proto@8.0.1 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > make.cjs <<'END'
const {onnx} = require('onnx-proto');
const value = name => ({name, type: {tensorType: {elemType: 1, shape: {dim: [{dimParam: 'N'}]}}}});
const names = ['early', 'middle', 'late'];
const node = names.map((name, i) => ({opType: 'Identity', input: [i ? names[i - 1] : 'x'], output: [name]}));
require('fs').writeFileSync('exits.onnx', onnx.ModelProto.encode(onnx.ModelProto.create({irVersion: 8, opsetImport: [{domain: '', version: 17}],
  graph: {name: 'g', input: [value('x')], output: names.map(value), node}})).finish());
END

cat > Finding.java <<'END'
import ai.onnxruntime.*;
import java.util.*;

public class Finding {
  static final Map<String, OnnxTensor> INPUT = new HashMap<>();

  static String order(OrtSession.Result result) {
    StringJoiner names = new StringJoiner(" ");
    result.forEach(output -> names.add(output.getKey()));
    return names.toString();
  }

  public static void main(String[] args) throws Exception {
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    try (OrtSession session = env.createSession("exits.onnx"); OnnxTensor x = OnnxTensor.createTensor(env, new float[] {1})) {
      INPUT.put("x", x);
      List<String> names = List.of("early", "middle", "late");
      System.out.println("all: " + order(session.run(INPUT)));
      System.out.println("LinkedHashSet of late, early: " + order(session.run(INPUT, new LinkedHashSet<>(List.of("late", "early")))));
      System.out.println("HashSet: " + order(session.run(INPUT, new HashSet<>(names))));
      System.out.println("Set.of: " + order(session.run(INPUT, Set.of("early", "middle", "late"))));
    }
  }
}
END

node make.cjs
javac -cp "$(cat classpath)" -d classes Finding.java
for start in $(seq 20); do
  java -Djava.io.tmpdir="$work" -cp "classes:$(cat classpath)" Finding > run.txt 2> run.log || { cat run.log; exit 1; }
  [ "$start" = 1 ] && grep -vF Set.of run.txt | tee seen
  grep -F Set.of run.txt >> orders
  [ "$(sort -u orders | wc -l)" = 1 ] || break
done
sort -u orders
cat > expected <<'END'
all: early middle late
LinkedHashSet of late, early: late early
HashSet: middle late early
END
if cmp -s seen expected && [ "$(sort -u orders | wc -l)" -gt 1 ]; then echo "ok: still so"; else echo "changed: expected two orders of Set.of, and"; cat expected; exit 1; fi
