#!/usr/bin/env bash
# Guess: a NaN among the features of an 8-bit network is refused where they are quantized, or marks
#        what comes of it, as it does in floats: the logits are NaN.
# So is: QuantizeLinear makes it the smallest number of its type: 0 as uint8, which is what a ReLU
#        gives, and -128 as int8, the strongest negative there is. All behind it is finite: a head
#        with the weights 1, 1 gives NaN in floats, and 2 through uint8, -126 through int8.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0.
# So:    a check that logits are finite sees nothing behind a quantized layer. What can make a NaN
#        (an input, a convolution that overflows) is to be checked before it is quantized.
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

cat > Finding.java <<'END'
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.*;
import com.google.protobuf.TextFormat;
import java.nio.FloatBuffer;
import java.util.*;

public class Finding {
  static final OrtEnvironment ENV = OrtEnvironment.getEnvironment();

  /** A head of weights 1, 1 on two features, straight or through bytes of scale 1. */
  static float head(int bytes) throws Exception {
    String through = bytes == 0 ? "" : """
        initializer { name: "scale" data_type: 1 float_data: 1 }
        initializer { name: "zero" data_type: %d int32_data: 0 }
        node { op_type: "QuantizeLinear" input: "x" input: "scale" input: "zero" output: "q" }
        node { op_type: "DequantizeLinear" input: "q" input: "scale" input: "zero" output: "d" }
        """.formatted(bytes);
    String text = """
        ir_version: 8 opset_import { version: 17 }
        graph { name: "head"
         input { name: "x" type { tensor_type { elem_type: 1 shape { dim { dim_value: 1 } dim { dim_value: 2 } } } } }
         output { name: "y" type { tensor_type { elem_type: 1 shape { dim { dim_value: 1 } dim { dim_value: 1 } } } } }
         initializer { name: "w" data_type: 1 dims: 2 dims: 1 float_data: 1 float_data: 1 }
         %s
         node { op_type: "MatMul" input: "%s" input: "w" output: "y" }
        }""".formatted(through, bytes == 0 ? "x" : "d");
    ModelProto.Builder model = ModelProto.newBuilder();
    TextFormat.merge(text, model);
    try (OrtSession session = ENV.createSession(model.build().toByteArray());
        OnnxTensor x = OnnxTensor.createTensor(ENV, FloatBuffer.wrap(new float[] {Float.NaN, 2}), new long[] {1, 2});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      return ((float[][]) result.get(0).getValue())[0][0];
    }
  }

  public static void main(String[] args) throws Exception {
    System.out.println("ONNX Runtime " + ENV.getVersion());
    float floats = head(0), unsigned = head(2), signed = head(3);
    System.out.printf("features NaN, 2, weights 1, 1: in floats %s, through uint8 %s, through int8 %s%n", floats, unsigned, signed);
    boolean same = Float.isNaN(floats) && unsigned == 2 && signed == -126;
    System.out.println(same ? "ok: still so" : "changed: a NaN is told, or another number");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
