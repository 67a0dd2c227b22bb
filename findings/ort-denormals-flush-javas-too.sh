#!/usr/bin/env bash
# Guess: session.set_denormal_as_zero = 1 concerns the arithmetic of that session.
# So is: it sets the processor's flags in the thread that makes the first session of the process, and
#        leaves them: from then on Java's own floats and doubles in that thread flush to zero (half of
#        1e-40f is 0, half of 1e-310 is 0), even after the session is closed. A thread that only runs
#        the session is not switched, so that the same call gives another result there. The first
#        session decides: a second one with the other value changes nothing.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0; x86-64, JDK 17.
# So:    on a Flink task thread this changes arithmetic in other people's operators. Not an option for
#        a library; scale or clip weights instead.
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
  static volatile float tiny = 1e-40f;
  static volatile double tinyDouble = 1e-310;
  static OrtEnvironment env;
  static byte[] bytes;

  static OrtSession session(String flag) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.addConfigEntry("session.set_denormal_as_zero", flag);
    options.setIntraOpNumThreads(1);
    return env.createSession(bytes, options);
  }

  static float run(OrtSession session) throws OrtException {
    try (OnnxTensor x = OnnxTensor.createTensor(env, FloatBuffer.wrap(new float[] {1e-40f}), new long[] {1});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      return ((float[]) result.get("y").get().getValue())[0];
    }
  }

  public static void main(String[] args) throws Exception {
    env = OrtEnvironment.getEnvironment();
    System.out.println("ONNX Runtime " + env.getVersion() + ", Java " + Runtime.version() + " " + System.getProperty("os.arch"));
    ModelProto.Builder model = ModelProto.newBuilder();
    TextFormat.merge(Files.readString(Path.of("model.textproto")), model);
    bytes = model.build().toByteArray();
    float[] v = new float[6];
    v[0] = tiny * 0.5f;
    OrtSession first = session("1");
    v[1] = run(first);
    Thread other = new Thread(() -> {
      try {
        v[2] = run(first);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    });
    other.start();
    other.join();
    first.close();
    v[3] = tiny * 0.5f;
    v[4] = (float) (tinyDouble * 0.5 * 1e300);
    try (OrtSession second = session("0")) {
      v[5] = run(second);
    }
    String[] what = {"Java, before", "first session (1), the thread that made it", "the same session, another thread",
        "Java, session closed", "Java's double, times 1e300", "second session (0), the first thread"};
    for (int i = 0; i < 6; i++) System.out.printf("%-44s half of a denormal: %s%n", what[i], v[i]);
    System.out.println("and in this thread now 1e-40f > 0 is " + (tiny > 0));
    int[] bits = new int[6]; // a flushing thread takes a denormal for 0 when it compares, too
    for (int i = 0; i < 6; i++) bits[i] = Float.floatToRawIntBits(v[i]);
    boolean same = bits[0] != 0 && bits[1] == 0 && bits[2] != 0 && bits[3] == 0 && bits[4] == 0 && bits[5] == 0 && !(tiny > 0);
    System.out.println(same ? "ok: still so" : "changed: the flag stays within its session");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
