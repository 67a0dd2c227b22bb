#!/usr/bin/env bash
# Guess: one graph, one answer: ONNX Runtime's build for browsers (WebAssembly) casts floats to whole numbers
#        as the native one does.
# So is: only in range. NaN becomes the smallest int natively and 0 in WebAssembly; 3e9 as int32 is
#        -2147483648 natively and 2147483647 there; infinity as int64 has the other sign; as uint8,
#        -1 is 255 and 0, infinity 0 and 255. The specification leaves them open, and both say nothing.
# With:  com.microsoft.onnxruntime 1.28.0 on x86-64, onnxruntime-web 1.30.0, onnx-proto 8.0.1 for the model.
# So:    a graph that ends in Cast (a label, a bin, pixels as bytes) turns a broken value into a large negative
#        index on the server and into class 0 in the browser. Clip before Cast, and compare the golden
#        rows of a bundle in every runtime that is to serve it.
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
npm install --silent --no-fund --no-audit onnxruntime-web@1.30.0 onnx-proto@8.0.1 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > web.mjs <<'END'
import fs from 'node:fs';
import * as ort from 'onnxruntime-web';
import proto from 'onnx-proto';
const {onnx} = proto;
ort.env.wasm.numThreads = 1;
const value = (name, elemType) => ({name, type: {tensorType: {elemType, shape: {dim: [{dimParam: 'N'}]}}}});
for (const [name, to] of [['int32', 6], ['int64', 7], ['uint8', 2]]) {
  const model = onnx.ModelProto.encode(onnx.ModelProto.create({irVersion: 8, opsetImport: [{domain: '', version: 17}],
    graph: {name: 'g', input: [value('x', 1)], output: [value('y', to)],
      node: [{opType: 'Cast', input: ['x'], output: ['y'], attribute: [{name: 'to', type: 2, i: to}]}]}})).finish();
  fs.writeFileSync(name + '.onnx', model);
  const session = await ort.InferenceSession.create(model);
  const {y} = await session.run({x: new ort.Tensor('float32', Float32Array.of(NaN, Infinity, 3e9, -1), [4])});
  console.log(`${name}, browser: ${[...y.data].join(' ')}`);
}
END

cat > Finding.java <<'END'
import ai.onnxruntime.*;
import java.util.*;

public class Finding {
  public static void main(String[] args) throws Exception {
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    for (String type : args)
      try (OrtSession session = env.createSession(type + ".onnx");
          OnnxTensor x = OnnxTensor.createTensor(env, new float[] {Float.NaN, Float.POSITIVE_INFINITY, 3e9f, -1});
          OrtSession.Result result = session.run(Map.of("x", x))) {
        StringJoiner values = new StringJoiner(" ");
        Object y = result.get(0).getValue();
        for (int i = 0; i < 4; i++)
          values.add(y instanceof byte[] bytes ? "" + (bytes[i] & 255) : "" + java.lang.reflect.Array.get(y, i));
        System.out.println(type + ", Java: " + values);
      }
  }
}
END

echo "NaN, infinity, 3e9 and -1 as whole numbers"
node web.mjs | tee seen
java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java int32 int64 uint8 | tee -a seen
cat > expected <<'END'
int32, browser: 0 2147483647 2147483647 -1
int64, browser: 0 9223372036854775807 3000000000 -1
uint8, browser: 0 255 0 0
int32, Java: -2147483648 -2147483648 -2147483648 -1
int64, Java: -9223372036854775808 -9223372036854775808 3000000000 -1
uint8, Java: 0 0 0 255
END
if cmp -s seen expected; then echo "ok: still so"; else echo "changed: expected"; cat expected; exit 1; fi
