#!/usr/bin/env bash
# Guess: ToTensor turns bytes 0..255 into 0..1 and leaves floats as they are, as torchvision's does.
# So is: NDImageUtils.toTensor (and the transform ToTensor) divides by 255 whatever the type: pixels that are
#        already 0..1, as after a resize in floats, become 0..0.004, a black picture. Nothing is said.
# With:  DJL 0.35.1, PyTorch 2.7.1 (pytorch-native-cpu, about 100 MB at the first run).
#        https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ToTensor.html
# So:    a pipeline ported from torchvision line by line classifies black. Keep preprocessing in one rule
#        of the bundle (scale, mean, standard deviation), applied once.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>ai.djl</groupId><artifactId>api</artifactId><version>0.35.1</version></dependency>
  <dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-engine</artifactId><version>0.35.1</version></dependency>
  <dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-jni</artifactId><version>2.7.1-0.35.1</version></dependency>
  <dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-native-cpu</artifactId><version>2.7.1</version><classifier>linux-x86_64</classifier></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import ai.djl.engine.Engine;
import ai.djl.ndarray.*;
import ai.djl.ndarray.types.*;

import ai.djl.modality.cv.util.NDImageUtils;
import java.util.Arrays;

public class Finding {
  public static void main(String[] args) {
    System.out.println(Engine.getInstance().getEngineName() + " " + Engine.getInstance().getVersion() + ", DJL " + Engine.getDjlVersion());
    try (NDManager manager = NDManager.newBaseManager()) {
      float[] bytes = NDImageUtils.toTensor(manager.create(new int[] {0, 51, 255}, new Shape(1, 1, 3)).toType(DataType.UINT8, true)).toFloatArray();
      float[] floats = NDImageUtils.toTensor(manager.create(new float[] {0, 0.2f, 1}, new Shape(1, 1, 3))).toFloatArray();
      System.out.println("bytes 0, 51, 255: " + Arrays.toString(bytes) + "; floats 0, 0.2, 1: " + Arrays.toString(floats));
      boolean same = bytes[2] == 1 && Math.abs(floats[2] - 1 / 255f) < 1e-6;
      System.out.println(same ? "ok: still so" : "changed: floats are left as they are");
      System.exit(same ? 0 : 1);
    }
  }
}
END

java -Dai.djl.offline=true -DDJL_CACHE_DIR="$work/djl" -cp "$(cat classpath)" Finding.java
