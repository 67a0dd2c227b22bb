#!/usr/bin/env bash
# Guess: a session option with a misspelt key or an impossible value is refused, or warned of; and
#        "true" switches on what "1" does.
# So is: addConfigEntry takes any key and any value without a word, and "true" is not "1":
#        session.set_denormal_as_zero = true does nothing. setSymbolicDimensionValue takes the name
#        of a dimension that the model does not have, and fixes nothing.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0. Keys:
#        https://github.com/microsoft/onnxruntime/blob/main/include/onnxruntime/core/session/onnxruntime_session_options_config_keys.h
# So:    a typo in allow_spinning or in a tuning key is measured as "makes no difference". Take keys
#        from one list of constants, and prove by an effect that each one counts.
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
graph { name: "half"
 input { name: "x" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } } } } }
 output { name: "y" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } } } } }
 initializer { name: "half" data_type: 1 float_data: 0.5 }
 node { op_type: "Mul" input: "x" input: "half" output: "y" }
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
    ModelProto.Builder model = ModelProto.newBuilder();
    TextFormat.merge(Files.readString(Path.of("model.textproto")), model);
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    String refused = "no";
    float half = -1;
    try {
      options.addConfigEntry("session.intra_op.alow_spining", "perhaps");
      options.addConfigEntry("session.intra_op.allow_spinning", "sometimes");
      options.addConfigEntry("session.set_denormal_as_zero", args[0]);
      options.setSymbolicDimensionValue("Batch", 8); // the model calls it N
      try (OrtSession session = env.createSession(model.build().toByteArray(), options);
          OnnxTensor x = OnnxTensor.createTensor(env, FloatBuffer.wrap(new float[] {1e-40f, 1, 2}), new long[] {3});
          OrtSession.Result result = session.run(Map.of("x", x))) {
        half = ((float[]) result.get("y").get().getValue())[0];
      }
    } catch (OrtException e) {
      refused = e.getMessage();
    }
    System.out.println("ONNX Runtime " + env.getVersion() + ", set_denormal_as_zero=" + args[0]
        + ": refused: " + refused + "; three rows run; half of 1e-40 is " + half);
    System.exit(refused.equals("no") && (half == 0) == args[0].equals("1") ? 0 : 1);
  }
}
END

for value in 1 true; do
  java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java $value || { echo "changed: keys or values are checked"; exit 1; }
done
echo "ok: still so"
