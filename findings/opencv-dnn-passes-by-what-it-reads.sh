#!/usr/bin/env bash
# Guess: what OpenCV's dnn module cannot do in an ONNX file it refuses, as it does for unknown operators and cubic
#        Resize.
# So is: a list of things is dropped in silence. Cast is nothing (to int32 0.99 stays 0.99, to bool -1.5 stays
#        -1.5); MaxPool's dilations are 1, which gives 4 x 4 in place of 3 x 3; auto_pad SAME_LOWER pads as
#        SAME_UPPER; nearest_mode "ceil" is another; Softmax of opset 11 is over one axis, not over all from
#        the second on.
# With:  OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13), com.microsoft.onnxruntime 1.28.0, npm onnx-proto 8.0.1.
# So:    that a model loads says nothing of what it computes: a class by Cast is a fraction, confidences of an
#        old export are of another sum. Golden rows with logits decide.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.13</version></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.13</version><classifier>linux-x86_64</classifier></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>opencv</artifactId><version>4.13.0-1.5.13</version></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>opencv</artifactId><version>4.13.0-1.5.13</version><classifier>linux-x86_64</classifier></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>openblas</artifactId><version>0.3.31-1.5.13</version></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>openblas</artifactId><version>0.3.31-1.5.13</version><classifier>linux-x86_64</classifier></dependency>
  <dependency><groupId>com.microsoft.onnxruntime</groupId><artifactId>onnxruntime</artifactId><version>1.28.0</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }
npm install --silent --no-fund --no-audit onnx-proto@8.0.1 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > make.cjs <<'END'
const {onnx} = require('onnx-proto');
const {writeFileSync} = require('fs');
const value = (name, dims) => ({name, type: {tensorType: {elemType: 1, shape: {dim: dims.map(dimValue => ({dimValue}))}}}});
const ints = (name, ...values) => ({name, type: 7, ints: values}), text = (name, s) => ({name, type: 3, s: Buffer.from(s)}), int = (name, i) => ({name, type: 2, i});
const scales = {name: 's', dims: [4], dataType: 7, int64Data: [1, 2, 3, 8]};
const make = (name, dims, node, version = 17, initializer = []) => writeFileSync(name + '.onnx', onnx.ModelProto.encode(onnx.ModelProto.create({irVersion: 8,
  opsetImport: [{domain: '', version}], graph: {name: 'g', input: [value('x', [1, 2, 5, 5])], output: [value('y', dims)], node, initializer}})).finish());
const cast = to => [{opType: 'Cast', name: 'a', input: ['x'], output: ['t'], attribute: [int('to', to)]}, {opType: 'Cast', name: 'b', input: ['t'], output: ['y'], attribute: [int('to', 1)]}];
make('Cast-to-int32', [1, 2, 5, 5], cast(6));
make('Cast-to-bool', [1, 2, 5, 5], cast(9));
make('MaxPool-dilated', [1, 2, 3, 3], [{opType: 'MaxPool', input: ['x'], output: ['y'], attribute: [ints('kernel_shape', 2, 2), ints('dilations', 2, 2)]}]);
make('MaxPool-SAME_LOWER', [1, 2, 5, 5], [{opType: 'MaxPool', input: ['x'], output: ['y'], attribute: [ints('kernel_shape', 2, 2), text('auto_pad', 'SAME_LOWER')]}]);
make('MaxPool-SAME_UPPER', [1, 2, 5, 5], [{opType: 'MaxPool', input: ['x'], output: ['y'], attribute: [ints('kernel_shape', 2, 2), text('auto_pad', 'SAME_UPPER')]}]);
make('Resize-ceil', [1, 2, 3, 8], [{opType: 'Resize', input: ['x', '', '', 's'], output: ['y'],
  attribute: [text('mode', 'nearest'), text('coordinate_transformation_mode', 'asymmetric'), text('nearest_mode', 'ceil')]}], 17, [scales]);
make('Softmax-opset-11', [1, 2, 5, 5], [{opType: 'Softmax', input: ['x'], output: ['y']}], 11);
make('Softmax-opset-13', [1, 2, 5, 5], [{opType: 'Softmax', input: ['x'], output: ['y']}], 13);
END

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_core.*;
import static org.bytedeco.opencv.global.opencv_dnn.*;

import ai.onnxruntime.*;
import java.nio.FloatBuffer;
import java.util.*;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_dnn.Net;

public class Finding {
  public static void main(String[] args) throws Exception {
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    System.out.println("ONNX Runtime " + env.getVersion() + ", OpenCV " + CV_VERSION());
    float[] input = new float[50];
    for (int i = 0; i < 50; i++) input[i] = (float) (1.5 * Math.sin(0.7 * i + 0.013 * i * i));
    StringJoiner same = new StringJoiner(" "), other = new StringJoiner(" ");
    for (String name : args) {
      FloatBuffer ort;
      try (OrtSession session = env.createSession(name + ".onnx"); OnnxTensor x = OnnxTensor.createTensor(env, FloatBuffer.wrap(input), new long[] {1, 2, 5, 5});
          OrtSession.Result result = session.run(Map.of("x", x))) {
        ort = ((OnnxTensor) result.get(0)).getFloatBuffer();
      }
      Mat x = new Mat(new int[] {1, 2, 5, 5}, CV_32F);
      ((FloatBuffer) x.createBuffer()).put(input);
      Net net = readNetFromONNX(name + ".onnx");
      net.setInput(x);
      FloatBuffer cv = net.forward().createBuffer();
      float most = 0;
      for (int i = 0; i < Math.min(ort.remaining(), cv.remaining()); i++) most = Math.max(most, Math.abs(ort.get(i) - cv.get(i)));
      System.out.printf(Locale.ROOT, "%s: %d and %d values, up to %.2f apart%n", name, ort.remaining(), cv.remaining(), most);
      (most < 1e-4 && ort.remaining() == cv.remaining() ? same : other).add(name);
    }
    boolean still = same.toString().equals("MaxPool-SAME_UPPER Softmax-opset-13")
        && other.toString().equals("Cast-to-int32 Cast-to-bool MaxPool-dilated MaxPool-SAME_LOWER Resize-ceil Softmax-opset-11");
    System.out.println(still ? "ok: still so" : "changed: equal are now " + same);
    System.exit(still ? 0 : 1);
  }
}
END

node make.cjs
java -Djava.io.tmpdir="$work" -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java \
  Cast-to-int32 Cast-to-bool MaxPool-dilated MaxPool-SAME_LOWER MaxPool-SAME_UPPER Resize-ceil Softmax-opset-11 Softmax-opset-13 2> run.log || { tail -20 run.log; exit 1; }
