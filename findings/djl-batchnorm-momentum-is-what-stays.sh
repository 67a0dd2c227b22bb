#!/usr/bin/env bash
# Guess: optMomentum(0.1f) of BatchNorm on the PyTorch engine means what momentum = 0.1 means in PyTorch:
#        a tenth of the new mean, nine tenths of the old one.
# So is: it is the other way round: with 0.1, one batch of mean 11 takes the running mean from 0 to 9.9
#        (PyTorch: 1.1). DJL's default of 0.9 is PyTorch's 0.1.
# With:  DJL 0.35.1, PyTorch 2.7.1 (pytorch-native-cpu, about 100 MB at the first run).
# So:    a copied 0.1 trains as well as ever and then judges by the statistics of the last batch or two:
#        validation accuracy can jump from one epoch to the next. Write 1 - momentum, and test one step.
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

import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;

public class Finding {
  static float runningMean(NDManager manager, float momentum) {
    BatchNorm norm = BatchNorm.builder().optMomentum(momentum).build();
    norm.initialize(manager, DataType.FLOAT32, new Shape(4, 1));
    norm.forward(new ParameterStore(manager, false), new NDList(manager.create(new float[] {10, 10, 10, 14}, new Shape(4, 1))), true);
    float mean = norm.getParameters().get("runningMean").getArray().toFloatArray()[0];
    System.out.printf("optMomentum(%.1f), one batch of mean 11: running mean %.2f%n", momentum, mean);
    return mean;
  }

  public static void main(String[] args) {
    System.out.println(Engine.getInstance().getEngineName() + " " + Engine.getInstance().getVersion() + ", DJL " + Engine.getDjlVersion());
    try (NDManager manager = NDManager.newBaseManager()) {
      boolean same = Math.abs(runningMean(manager, 0.1f) - 9.9) < 1e-3 & Math.abs(runningMean(manager, 0.9f) - 1.1) < 1e-3;
      System.out.println(same ? "ok: still so" : "changed: momentum is PyTorch's");
      System.exit(same ? 0 : 1);
    }
  }
}
END

java -Dai.djl.offline=true -DDJL_CACHE_DIR="$work/djl" -cp "$(cat classpath)" Finding.java
