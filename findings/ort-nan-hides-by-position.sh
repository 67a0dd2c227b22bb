#!/usr/bin/env bash
# Guess: where one logit is NaN, the maximum of the softmax or of the logits is NaN, wherever it
#        stands, so that a network whose graph ends in ReduceMax, TopK or ArgMax shows the fault.
# So is: ReduceMax, ReduceMin and TopK give NaN only where the NaN comes first. In any other place
#        the NaN is passed over and the largest number comes out as if all were well; ArgMax gives a
#        class in every case, 0 where all are NaN. Softmax alone makes the whole row NaN.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0 (processor).
# So:    a confidence computed from logits inside the graph can hide a broken network. Take the
#        logits out and test all of them for being finite before anything is decided on them.
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
graph { name: "heads"
 input { name: "x" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } dim { dim_value: 3 } } } } }
 output { name: "max" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } } } } }
 output { name: "class" type { tensor_type { elem_type: 7 shape { dim { dim_param: "N" } } } } }
 output { name: "top" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } dim { dim_value: 1 } } } } }
 output { name: "softmax" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } dim { dim_value: 3 } } } } }
 initializer { name: "k" data_type: 7 dims: 1 int64_data: 1 }
 node { op_type: "ReduceMax" input: "x" output: "max"
  attribute { name: "axes" type: INTS ints: 1 } attribute { name: "keepdims" type: INT i: 0 } }
 node { op_type: "ArgMax" input: "x" output: "class"
  attribute { name: "axis" type: INT i: 1 } attribute { name: "keepdims" type: INT i: 0 } }
 node { op_type: "TopK" input: "x" input: "k" output: "top" output: "index" }
 node { op_type: "Softmax" input: "x" output: "softmax" }
}
END

cat > Finding.java <<'END'
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.*;
import com.google.protobuf.TextFormat;
import java.nio.FloatBuffer;
import java.nio.file.*;
import java.util.*;

public class Finding {
  public static void main(String[] args) throws Exception {
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    System.out.println("ONNX Runtime " + env.getVersion());
    ModelProto.Builder model = ModelProto.newBuilder();
    TextFormat.merge(Files.readString(Path.of("model.textproto")), model);
    float[] rows = {Float.NaN, 2, 1, /**/ 2, Float.NaN, 1, /**/ 2, 1, Float.NaN, /**/ Float.NaN, Float.NaN, Float.NaN};
    try (OrtSession session = env.createSession(model.build().toByteArray());
        OnnxTensor x = OnnxTensor.createTensor(env, FloatBuffer.wrap(rows), new long[] {4, 3});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      float[] max = (float[]) result.get("max").get().getValue();
      long[] classes = (long[]) result.get("class").get().getValue();
      float[][] top = (float[][]) result.get("top").get().getValue();
      float[][] softmax = (float[][]) result.get("softmax").get().getValue();
      for (int i = 0; i < 4; i++)
        System.out.printf("%-16s ReduceMax %-4s TopK %-4s ArgMax %d Softmax %s%n",
            Arrays.toString(Arrays.copyOfRange(rows, 3 * i, 3 * i + 3)), max[i], top[i][0], classes[i],
            Arrays.toString(softmax[i]));
      boolean same = Float.isNaN(max[0]) && max[1] == 2 && max[2] == 2
          && Float.isNaN(top[0][0]) && top[1][0] == 2 && top[2][0] == 2
          && Arrays.equals(classes, new long[4]) && Float.isNaN(softmax[1][0]) && Float.isNaN(softmax[2][0]);
      System.out.println(same ? "ok: still so" : "changed: a NaN shows in another way");
      System.exit(same ? 0 : 1);
    }
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
