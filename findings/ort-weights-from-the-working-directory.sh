#!/usr/bin/env bash
# Guess: a model that is loaded from bytes is all there is to it: one whose weights lie in a file of
#        their own cannot be loaded, as nothing says where that file is.
# So is: the weights are taken out of the working directory of the process, whatever lies there under
#        that name. With session.model_external_initializers_file_folder_path they are looked for
#        in that folder alone.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0. The key: onnxruntime_session_options_config_keys.h
# So:    whoever loads models as bytes (a bundle, an archive, a registry, and its checksums) names a
#        folder that does not exist, and so refuses weights that no checksum covers.
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
graph { name: "g"
 input { name: "x" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } dim { dim_value: 8 } } } } }
 output { name: "y" type { tensor_type { elem_type: 1 shape { dim { dim_param: "N" } dim { dim_value: 8 } } } } }
 initializer { name: "w" dims: 8 dims: 8 data_type: 1 data_location: EXTERNAL
  external_data { key: "location" value: "weights.bin" } }
 node { op_type: "MatMul" input: "x" input: "w" output: "y" }
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
  public static void main(String[] args) throws Exception {
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    ModelProto.Builder model = ModelProto.newBuilder();
    TextFormat.merge(Files.readString(Path.of("model.textproto")), model);
    ByteBuffer weights = ByteBuffer.allocate(4 * 64).order(ByteOrder.LITTLE_ENDIAN);
    while (weights.hasRemaining()) weights.putFloat(0.5f);
    Files.write(Path.of("weights.bin"), weights.array());
    float[] ones = new float[8];
    Arrays.fill(ones, 1);
    boolean as = true;
    for (String folder : new String[] {null, "/nowhere"}) {
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      if (folder != null) options.addConfigEntry("session.model_external_initializers_file_folder_path", folder);
      String result;
      try (OrtSession session = env.createSession(model.build().toByteArray(), options);
          OnnxTensor x = OnnxTensor.createTensor(env, FloatBuffer.wrap(ones), new long[] {1, 8});
          OrtSession.Result y = session.run(Map.of("x", x))) {
        result = "y = " + ((float[][]) y.get(0).getValue())[0][0];
      } catch (OrtException e) {
        result = e.getMessage().strip();
      }
      System.out.println("ONNX Runtime " + env.getVersion() + ", folder " + folder + ": " + result);
      as &= folder == null ? result.equals("y = 4.0") : result.contains("does not exist");
    }
    System.exit(as ? 0 : 1);
  }
}
END

java -cp "$(cat classpath)" Finding.java || { echo "changed: other weights, or none"; exit 1; }
echo "ok: still so"
