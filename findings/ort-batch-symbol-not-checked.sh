#!/usr/bin/env bash
# Guess: two inputs that both declare their first dimension as "N" must get the same number of
#        rows, and an output declared [1, 2] has one row; else the run is refused.
# So is: a symbol is never compared between inputs. One row of logits and three rows of features
#        are taken and broadcast: every image gets the ensemble of the first one, without a word. A
#        declared output shape that does not hold costs one warning on stderr; the Java metadata
#        goes on telling [1, 2].
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0.
# So:    who feeds a stage with several inputs checks their rows himself (a micro-batch binds all
#        its tensors for one number of rows), and who reads an output takes the shape of the result.
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
graph { name: "ensemble"
 input { name: "logits" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } dim { dim_value: 2 } } } } }
 input { name: "head" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } dim { dim_value: 2 } } } } }
 output { name: "sum" type { tensor_type { elem_type: 1 shape { dim { dim_value: 1 } dim { dim_value: 2 } } } } }
 node { op_type: "Add" input: "logits" input: "head" output: "sum" }
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
    float[][] sum = null;
    String declared = "", refused = "";
    try (OrtSession session = env.createSession(model.build().toByteArray());
        OnnxTensor one = OnnxTensor.createTensor(env, FloatBuffer.wrap(new float[] {1, 2}), new long[] {1, 2});
        OnnxTensor three = OnnxTensor.createTensor(env, FloatBuffer.wrap(new float[] {10, 20, 30, 40, 50, 60}), new long[] {3, 2})) {
      declared = Arrays.toString(((TensorInfo) session.getOutputInfo().get("sum").getInfo()).getShape());
      try (OrtSession.Result result = session.run(Map.of("logits", one, "head", three))) {
        sum = (float[][]) result.get("sum").get().getValue();
      }
    } catch (OrtException e) {
      refused = e.getMessage();
    }
    System.out.println("1 row and 3 rows for two inputs [N, 2]: " + Arrays.deepToString(sum) + refused);
    System.out.println("declared output shape " + declared);
    boolean same = sum != null && sum.length == 3 && sum[2][1] == 62 && declared.equals("[1, 2]");
    System.out.println(same ? "ok: still so" : "changed: shapes are compared");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
