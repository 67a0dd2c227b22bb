#!/usr/bin/env bash
# Guess: OpenCV's dnn module averages as the ONNX file says: with count_include_pad = 1, PyTorch's default for
#        AvgPool2d, zeros of the padding count.
# So is: the attribute is not looked at: at every edge the mean is over the real pixels alone. Of ones, a
#        3 x 3 average with padding 1 is 0.44 in the corner and 0.67 at the edge with ONNX Runtime, 1 in
#        OpenCV. The model loads without a word.
# With:  OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13), com.microsoft.onnxruntime 1.28.0, npm onnx-proto 8.0.1.
# So:    networks with padded averages (Inception, pooled shortcuts) give other logits on the edge of the picture
#        and other exits than in the job. Compare logits, not labels, before a model changes its runtime.
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
const value = name => ({name, type: {tensorType: {elemType: 1, shape: {dim: [1, 1, 4, 4].map(dimValue => ({dimValue}))}}}});
const attribute = [{name: 'kernel_shape', type: 7, ints: [3, 3]}, {name: 'pads', type: 7, ints: [1, 1, 1, 1]}, {name: 'count_include_pad', type: 2, i: 1}];
require('fs').writeFileSync('average.onnx', onnx.ModelProto.encode(onnx.ModelProto.create({irVersion: 8, opsetImport: [{domain: '', version: 17}],
  graph: {name: 'g', input: [value('x')], output: [value('y')], node: [{opType: 'AveragePool', input: ['x'], output: ['y'], attribute}]}})).finish());
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
  static String told(FloatBuffer y) {
    return String.format(Locale.ROOT, "corner %.2f, edge %.2f, middle %.2f", y.get(0), y.get(1), y.get(5));
  }

  public static void main(String[] args) throws Exception {
    float[] ones = new float[16];
    Arrays.fill(ones, 1);
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    String ort, cv;
    try (OrtSession session = env.createSession("average.onnx"); OnnxTensor x = OnnxTensor.createTensor(env, FloatBuffer.wrap(ones), new long[] {1, 1, 4, 4});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      ort = told(((OnnxTensor) result.get(0)).getFloatBuffer());
    }
    Mat x = new Mat(new int[] {1, 1, 4, 4}, CV_32F);
    ((FloatBuffer) x.createBuffer()).put(ones);
    Net net = readNetFromONNX("average.onnx");
    net.setInput(x);
    cv = told(net.forward().createBuffer());
    System.out.println("ONNX Runtime " + env.getVersion() + ": " + ort + "\nOpenCV " + CV_VERSION() + ": " + cv);
    boolean same = ort.equals("corner 0.44, edge 0.67, middle 1.00") && cv.equals("corner 1.00, edge 1.00, middle 1.00");
    System.out.println(same ? "ok: still so" : "changed: the padding counts");
    System.exit(same ? 0 : 1);
  }
}
END

node make.cjs
java -Djava.io.tmpdir="$work" -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
