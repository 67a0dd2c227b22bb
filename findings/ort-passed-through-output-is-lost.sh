#!/usr/bin/env bash
# Guess: an output that is an input of the graph (a stage that hands features on untouched) is like any
#        other: memory of its own, or the pinned tensor that the caller gave for it.
# So is: two ways to lose it. Returned by run(inputs), it is the caller's own direct buffer: filled with
#        the next image, the earlier result changes. Pinned by run(inputs, pinned), it is not written
#        at all: the tensor keeps what it held, here zeros, and nothing is thrown. Through an
#        Identity both are right; constants and one value under two names are right too.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0.
# So:    the next stage would get the features of another image, or of none. Bundles with such a
#        stage are refused; export it with an Identity.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>com.microsoft.onnxruntime</groupId><artifactId>onnxruntime</artifactId><version>1.28.0</version></dependency>
  <dependency><groupId>org.tribuo</groupId><artifactId>tribuo-util-onnx</artifactId><version>4.3.2</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > model.textproto <<'END'
ir_version: 8 opset_import { version: 17 }
graph { name: "stage"
 input { name: "features" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } } } } }
 output { name: "features" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } } } } }
 output { name: "copied" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } } } } }
 node { op_type: "Identity" input: "features" output: "copied" }
}
END

cat > Finding.java <<'END'
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.*;
import com.google.protobuf.TextFormat;
import java.nio.*;
import java.nio.file.*;
import java.util.*;

public class Finding {
  static FloatBuffer buffer(float... values) {
    return ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.nativeOrder()).asFloatBuffer().put(values).flip();
  }

  public static void main(String[] args) throws Exception {
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    System.out.println("ONNX Runtime " + env.getVersion());
    ModelProto.Builder model = ModelProto.newBuilder();
    TextFormat.merge(Files.readString(Path.of("model.textproto")), model);
    FloatBuffer input = buffer(1, 2), pinnedPassed = buffer(0, 0), pinnedCopied = buffer(0, 0);
    long[] shape = {2};
    try (OrtSession session = env.createSession(model.build().toByteArray());
        OnnxTensor features = OnnxTensor.createTensor(env, input, shape);
        OnnxTensor passedTensor = OnnxTensor.createTensor(env, pinnedPassed, shape);
        OnnxTensor copiedTensor = OnnxTensor.createTensor(env, pinnedCopied, shape)) {
      session.run(Map.of("features", features), Map.of("features", passedTensor, "copied", copiedTensor)).close();
      System.out.println("run on [1, 2], pinned:  passed through " + pinnedPassed.get(0) + ", " + pinnedPassed.get(1)
          + "; through Identity " + pinnedCopied.get(0) + ", " + pinnedCopied.get(1));
      try (OrtSession.Result result = session.run(Map.of("features", features))) {
        input.put(0, 99); // the next image
        float[] passed = (float[]) result.get("features").get().getValue(), copied = (float[]) result.get("copied").get().getValue();
        System.out.println("run on [1, 2], returned, then 99 written to the input: passed through " + Arrays.toString(passed) + "; through Identity " + Arrays.toString(copied));
        boolean same = pinnedPassed.get(0) == 0 && pinnedCopied.get(0) == 1 && passed[0] == 99 && copied[0] == 1;
        System.out.println(same ? "ok: still so" : "changed: such an output is written");
        System.exit(same ? 0 : 1);
      }
    }
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
