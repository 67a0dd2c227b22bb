#!/usr/bin/env bash
# Guess: Resize on uint8 pixels rounds, as PIL and OpenCV do, and works in the same modes as on
#        floats.
# So is: linear without antialias cuts the fraction off: 223.125 is 223 and 95.625 is 95, so that a
#        picture is half a level darker on average; with antialias = 1 the same operator rounds. Cubic
#        without antialias loads on uint8 and then fails at every run ("Tensor type mismatch"); with
#        antialias it works.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0 (processor).
# So:    a network that takes bytes and resizes in its graph sees other pixels than the one that was
#        trained on PIL's. Cast to float before Resize, or resize before the network.
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
import java.nio.*;
import java.util.*;

public class Finding {
  static final OrtEnvironment ENV = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "finding");

  static String resize(String mode, int antialias, int to, int... pixels) throws Exception {
    String value = "type { tensor_type { elem_type: 2 shape { dim { dim_value: 1 } dim { dim_value: 1 } dim { dim_value: 1 } dim { dim_value: %d } } } }";
    ModelProto.Builder model = ModelProto.newBuilder();
    TextFormat.merge("ir_version: 8 opset_import { version: 18 } graph { name: 'resize' input { name: 'x' " + value.formatted(pixels.length)
        + " } output { name: 'y' " + value.formatted(to) + " } initializer { name: 'size' data_type: 7 dims: 4 int64_data: [1, 1, 1, " + to + "] }"
        + " node { op_type: 'Resize' input: ['x', '', '', 'size'] output: 'y' attribute { name: 'mode' type: STRING s: '" + mode
        + "' } attribute { name: 'antialias' type: INT i: " + antialias + " } } }", model);
    ByteBuffer bytes = ByteBuffer.allocateDirect(pixels.length);
    for (int pixel : pixels) bytes.put((byte) pixel);
    String seen;
    try (OrtSession session = ENV.createSession(model.build().toByteArray());
        OnnxTensor x = OnnxTensor.createTensor(ENV, bytes.flip(), new long[] {1, 1, 1, pixels.length}, OnnxJavaType.UINT8)) {
      try (OrtSession.Result result = session.run(Map.of("x", x))) {
        ByteBuffer out = ((OnnxTensor) result.get(0)).getByteBuffer();
        List<Integer> levels = new ArrayList<>();
        while (out.hasRemaining()) levels.add(out.get() & 255);
        seen = levels.toString();
      } catch (OrtException e) {
        seen = "loaded, run failed" + (e.getMessage().contains("Tensor type mismatch") ? ": Tensor type mismatch" : "");
      }
    }
    System.out.println(mode + ", antialias " + antialias + ", " + Arrays.toString(pixels) + " to " + to + ": " + seen);
    return seen;
  }

  public static void main(String[] args) throws Exception {
    System.out.println("ONNX Runtime " + ENV.getVersion());
    System.out.println("exact values of the first: 0 0 31.875 95.625 159.375 223.125 255 255; of the second 95.625 twice");
    boolean same = resize("linear", 0, 8, 0, 255).equals("[0, 0, 31, 95, 159, 223, 255, 255]");
    same &= resize("linear", 1, 2, 0, 255, 0, 255, 0, 0, 0, 255).equals("[96, 96]");
    same &= resize("cubic", 0, 8, 0, 255, 0, 255).startsWith("loaded, run failed");
    same &= resize("cubic", 1, 2, 0, 255, 0, 255, 0, 0, 0, 255).startsWith("[");
    System.out.println(same ? "ok: still so" : "changed: bytes are rounded, or cubic works");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
