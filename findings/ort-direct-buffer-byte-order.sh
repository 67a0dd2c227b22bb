#!/usr/bin/env bash
# Guess: a FloatBuffer knows its byte order, so that OnnxTensor.createTensor(env, floats, shape)
#        hands the numbers over whatever the order is (or refuses the wrong one).
# So is: a heap buffer is copied element by element and is right in both orders. A direct one is
#        taken as raw memory: made without order(ByteOrder.nativeOrder()), as allocateDirect gives
#        it, 1.0 arrives in the network as 4.6006e-41. Nothing is thrown, and the tensor's own
#        getValue() shows 1.0, since it reads through the Java buffer.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0; little-endian machine.
# So:    one forgotten order() turns every image into black, and debugging shows the right numbers.
#        Allocate tensors' buffers in one place, and test one known picture end to end.
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
graph { name: "same"
 input { name: "x" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } } } } }
 output { name: "y" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } } } } }
 node { op_type: "Identity" input: "x" output: "y" }
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
  static OrtEnvironment env = OrtEnvironment.getEnvironment();

  static float[] seen(OrtSession session, String what, ByteBuffer bytes) throws OrtException {
    FloatBuffer floats = bytes.asFloatBuffer().put(1).put(2).flip();
    try (OnnxTensor x = OnnxTensor.createTensor(env, floats, new long[] {2});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      float[] y = (float[]) result.get(0).getValue();
      System.out.printf("%-22s tensor.getValue() %s, the network sees %s%n", what, Arrays.toString((float[]) x.getValue()), Arrays.toString(y));
      return y;
    }
  }

  public static void main(String[] args) throws Exception {
    System.out.println("ONNX Runtime " + env.getVersion() + ", machine " + ByteOrder.nativeOrder());
    ModelProto.Builder model = ModelProto.newBuilder();
    TextFormat.merge(Files.readString(Path.of("model.textproto")), model);
    try (OrtSession session = env.createSession(model.build().toByteArray())) {
      float[] heap = seen(session, "heap, big-endian", ByteBuffer.allocate(8));
      float[] direct = seen(session, "direct, big-endian", ByteBuffer.allocateDirect(8));
      float[] right = seen(session, "direct, native order", ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()));
      boolean same = heap[0] == 1 && heap[1] == 2 && right[1] == 2 && direct[0] > 0 && direct[0] < 1e-38f;
      System.out.println(same ? "ok: still so" : "changed: direct buffers of the other order are converted or refused");
      System.exit(same ? 0 : 1);
    }
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
