#!/usr/bin/env bash
# Guess: Cast from float to uint8 at the end of preprocessing in the graph saturates, as OpenCV and
#        QuantizeLinear do: 300 is 255, -1 is 0.
# So is: it is the C++ conversion: 300 becomes 44, -1 becomes 255 and fractions are cut off (255.9 is 255). QuantizeLinear
#        with scale 1 saturates and rounds half to even, also from the same floats.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0; x86-64 (others may differ: ONNX leaves it open).
#        https://onnx.ai/onnx/operators/onnx__Cast.html
# So:    after a cubic resize, which overshoots, the brightest pixels turn dark. Clip before Cast, or use
#        QuantizeLinear.
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
graph { name: "bytes"
 input { name: "x" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } } } } }
 output { name: "cast" type { tensor_type { elem_type: 2 shape { dim { dim_param: "N" } } } } }
 output { name: "quantized" type { tensor_type { elem_type: 2 shape { dim { dim_param: "N" } } } } }
 initializer { name: "one" data_type: 1 float_data: 1 }
 initializer { name: "zero" data_type: 2 int32_data: 0 }
 node { op_type: "Cast" input: "x" output: "cast" attribute { name: "to" type: INT i: 2 } }
 node { op_type: "QuantizeLinear" input: "x" input: "one" input: "zero" output: "quantized" }
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
  static List<Integer> levels(OrtSession.Result result, String name) {
    ByteBuffer bytes = ((OnnxTensor) result.get(name).get()).getByteBuffer();
    List<Integer> levels = new ArrayList<>();
    while (bytes.hasRemaining()) levels.add(bytes.get() & 255);
    return levels;
  }

  public static void main(String[] args) throws Exception {
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    System.out.println("ONNX Runtime " + env.getVersion() + ", " + System.getProperty("os.arch"));
    ModelProto.Builder model = ModelProto.newBuilder();
    TextFormat.merge(Files.readString(Path.of("model.textproto")), model);
    float[] pixels = {300, -1, 256, 255.9f, 2.5f};
    try (OrtSession session = env.createSession(model.build().toByteArray());
        OnnxTensor x = OnnxTensor.createTensor(env, FloatBuffer.wrap(pixels), new long[] {pixels.length});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      List<Integer> cast = levels(result, "cast"), quantized = levels(result, "quantized");
      System.out.println(Arrays.toString(pixels) + ": Cast " + cast + ", QuantizeLinear " + quantized);
      boolean same = cast.get(0) == 44 && cast.get(2) == 0 && cast.get(3) == 255 && quantized.equals(List.of(255, 0, 255, 255, 2));
      System.out.println(same ? "ok: still so" : "changed: Cast saturates");
      System.exit(same ? 0 : 1);
    }
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
