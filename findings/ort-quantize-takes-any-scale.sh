#!/usr/bin/env bash
# Guess: a scale of 0, the largest value over 255 of a map that was always 0 in calibration, or below
#        0, is refused when the model is loaded or run: a scale is what one step stands for.
# So is: both load and run. With 0 whatever is above 0 becomes 255, and 255 stands for 0 again: the
#        map is off for ever, also for the first image that lights it. With -1 the signs change: 3 is
#        0 and -3 is 3, so that a ReLU would let through what it is to stop.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0 (the specification says nothing of the sign).
# So:    a range needs a least value that whoever quantizes sets; a loaded model proves nothing.
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

  static String quantized(String scale, float[] values) throws Exception {
    String text = """
        ir_version: 8 opset_import { version: 17 }
        graph { name: "map"
         input { name: "x" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } } } } }
         output { name: "q" type { tensor_type { elem_type: 2 shape { dim { dim_param: "N" } } } } }
         output { name: "y" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } } } } }
         initializer { name: "scale" data_type: 1 float_data: %s }
         initializer { name: "zero" data_type: 2 int32_data: 0 }
         node { op_type: "QuantizeLinear" input: "x" input: "scale" input: "zero" output: "q" }
         node { op_type: "DequantizeLinear" input: "q" input: "scale" input: "zero" output: "y" }
        }""".formatted(scale);
    ModelProto.Builder model = ModelProto.newBuilder();
    TextFormat.merge(text, model);
    try (OrtSession session = ENV.createSession(model.build().toByteArray());
        OnnxTensor x = OnnxTensor.createTensor(ENV, FloatBuffer.wrap(values), new long[] {values.length});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      byte[] bytes = (byte[]) result.get("q").get().getValue();
      StringJoiner q = new StringJoiner(", ");
      for (byte b : bytes) q.add(String.valueOf(b & 255));
      return q + " -> " + Arrays.toString((float[]) result.get("y").get().getValue());
    } catch (OrtException e) {
      return "refused: " + e.getMessage();
    }
  }

  public static void main(String[] args) throws Exception {
    System.out.println("ONNX Runtime " + ENV.getVersion());
    float[] values = {-3, 0, 0.001f, 3};
    String one = quantized("1", values), none = quantized("0", values), minus = quantized("-1", values);
    System.out.println(Arrays.toString(values));
    System.out.println("scale  1: " + one + "\nscale  0: " + none + "\nscale -1: " + minus);
    boolean same = none.startsWith("0, 0, 255, 255 -> ") && none.endsWith("0.0, 0.0]") && minus.startsWith("3, 0, 0, 0 -> [-3.0");
    System.out.println(same ? "ok: still so" : "changed: such a scale is refused, or does something else");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
