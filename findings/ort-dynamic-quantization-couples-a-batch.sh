#!/usr/bin/env bash
# Guess: rows of a batch do not see each other: the logits of an image are the same whatever else
#        is in its micro-batch (convolution, batch normalization in inference, softmax: all by row).
# So is: DynamicQuantizeLinear, which dynamic int8 quantization puts before every MatMulInteger,
#        takes one scale from the whole tensor. Beside a bright neighbour the same row loses its
#        small values: here [1, 2] is 127, 255 alone and 1, 3 beside [100, 200], so that the product
#        with the weights [3, -1] is 1.00 alone and 0.00 in company.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0; so the operator is defined
#        (https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html).
# So:    a dynamically quantized network gives an image another exit or class with other neighbours,
#        and another result after a restart, since batches fall differently. Quantize statically.
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
graph { name: "dynamic"
 input { name: "x" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } dim { dim_value: 2 } } } } }
 output { name: "q" type { tensor_type { elem_type: 2 shape { dim { dim_param: "N" } dim { dim_value: 2 } } } } }
 output { name: "y" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } dim { dim_value: 1 } } } } }
 initializer { name: "w" data_type: 3 dims: 2 dims: 1 int32_data: 3 int32_data: -1 }
 node { op_type: "DynamicQuantizeLinear" input: "x" output: "q" output: "scale" output: "zero" }
 node { op_type: "MatMulInteger" input: "q" input: "w" input: "zero" output: "sum" }
 node { op_type: "Cast" input: "sum" output: "float" attribute { name: "to" type: INT i: 1 } }
 node { op_type: "Mul" input: "float" input: "scale" output: "y" }
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
    float[] first = new float[2];
    float[][] batches = {{1, 2}, {1, 2, 100, 200}};
    try (OrtSession session = env.createSession(model.build().toByteArray())) {
      for (int i = 0; i < 2; i++)
        try (OnnxTensor x = OnnxTensor.createTensor(env, FloatBuffer.wrap(batches[i]), new long[] {i + 1, 2});
            OrtSession.Result result = session.run(Map.of("x", x))) {
          byte[] row = ((byte[][]) result.get("q").get().getValue())[0];
          first[i] = ((float[][]) result.get("y").get().getValue())[0][0];
          System.out.printf("batch of %d: row [1, 2] is quantized to %d, %d; times [3, -1] it is %.2f%n",
              i + 1, row[0] & 255, row[1] & 255, first[i]);
        }
    }
    boolean same = Math.abs(first[0] - 1) < 0.02 && Math.abs(first[1] - 1) > 0.5;
    System.out.println(same ? "ok: still so" : "changed: a row keeps its own scale");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
