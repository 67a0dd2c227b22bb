#!/usr/bin/env bash
# Guess: what the ONNX specification allows and the loader accepts runs. ConvInteger takes "1-D
#        tensor, per output channel" for w_zero_point, MatMulInteger one zero point per row of A, and
#        the type constraints of QLinearConv allow int8 activations with uint8 weights.
# So is: the first two are loaded (no complaint, optimized, session made) and then fail at every run;
#        the third is refused at load as NOT_IMPLEMENTED, while ConvInteger does run int8 with uint8,
#        and QLinearConv takes zero points per channel.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0 (processor).
#        https://onnx.ai/onnx/operators/onnx__ConvInteger.html
# So:    a session that could be made says nothing about a quantized network: run one zero image
#        through every stage when the bundle is loaded, not with the first frame.
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

  static String value(String name, int type, int... dims) {
    StringBuilder shape = new StringBuilder();
    for (int dim : dims) shape.append(" dim { dim_value: ").append(dim).append(" }");
    return " { name: '" + name + "' type { tensor_type { elem_type: " + type + " shape {" + shape + " } } } }";
  }

  static String weights(String name, int type, String dims, String data) {
    return " initializer { name: '" + name + "' data_type: " + type + " dims: [" + dims + "] int32_data: [" + data + "] }";
  }

  static String tried(String what, int xType, long[] xShape, String graph) throws Exception {
    ModelProto.Builder model = ModelProto.newBuilder();
    TextFormat.merge("ir_version: 8 opset_import { version: 17 } graph { name: 'g' " + graph + " }", model);
    String seen;
    try (OrtSession session = ENV.createSession(model.build().toByteArray());
        OnnxTensor x = OnnxTensor.createTensor(ENV, ByteBuffer.allocateDirect(4), xShape, xType == 2 ? OnnxJavaType.UINT8 : OnnxJavaType.INT8)) {
      try (OrtSession.Result result = session.run(Map.of("x", x))) {
        seen = "runs";
      } catch (OrtException e) {
        seen = "loads, fails at the run";
      }
    } catch (OrtException e) {
      seen = "refused at load";
    }
    System.out.printf("%-52s %s%n", what, seen);
    return seen;
  }

  public static void main(String[] args) throws Exception {
    System.out.println("ONNX Runtime " + ENV.getVersion());
    long[] image = {1, 1, 2, 2};
    String x8 = "input" + value("x", 2, 1, 1, 2, 2), s8 = "input" + value("x", 3, 1, 1, 2, 2);
    String sums = " output" + value("y", 6, 1, 2, 2, 2);
    String twoFilters = weights("w", 3, "2, 1, 1, 1", "3, 4") + weights("wz", 3, "2", "1, 2");
    boolean same = tried("ConvInteger, a zero point per output channel", 2, image, x8 + sums + twoFilters
        + weights("z", 2, "", "0") + " node { op_type: 'ConvInteger' input: ['x', 'w', 'z', 'wz'] output: 'y' }").equals("loads, fails at the run");
    same &= tried("MatMulInteger, a zero point per row of A", 2, new long[] {2, 2}, "input" + value("x", 2, 2, 2) + " output" + value("y", 6, 2, 1)
        + weights("w", 3, "2, 1", "1, 1") + weights("z", 2, "2", "1, 2") + " node { op_type: 'MatMulInteger' input: ['x', 'w', 'z'] output: 'y' }").equals("loads, fails at the run");
    String scale = " initializer { name: 's' data_type: 1 float_data: 1 } initializer { name: 's2' data_type: 1 dims: 2 float_data: [1, 1] }";
    same &= tried("QLinearConv, a zero point per output channel", 2, image, x8 + " output" + value("y", 2, 1, 2, 2, 2) + twoFilters + scale
        + weights("z", 2, "", "0") + " node { op_type: 'QLinearConv' input: ['x', 's', 'z', 'w', 's2', 'wz', 's', 'z'] output: 'y' }").equals("runs");
    String unsigned = weights("w", 2, "2, 1, 1, 1", "3, 4") + weights("wz", 2, "", "0") + weights("z", 3, "", "0") + scale;
    same &= tried("QLinearConv, int8 activations, uint8 weights", 3, image, s8 + " output" + value("y", 3, 1, 2, 2, 2) + unsigned
        + " node { op_type: 'QLinearConv' input: ['x', 's', 'z', 'w', 's', 'wz', 's', 'z'] output: 'y' }").equals("refused at load");
    same &= tried("ConvInteger, int8 activations, uint8 weights", 3, image, s8 + sums + unsigned
        + " node { op_type: 'ConvInteger' input: ['x', 'w', 'z', 'wz'] output: 'y' }").equals("runs");
    System.out.println(same ? "ok: still so" : "changed: other combinations run");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
