#!/usr/bin/env bash
# Guess: SGD with momentum in DJL on the PyTorch engine is PyTorch's: v = m v + g; w = w - lr v. Weights,
#        schedules and results of a PyTorch recipe carry over.
# So is: DJL has v = m v + lr g; w = w - v. At one learning rate that is the same. When it falls, the old
#        steps go on at the rate that they were made at: rates 1, 0.1, 0.1 and a gradient of 1 give
#        -1, -2, -3 in DJL and -1, -1.19, -1.461 in PyTorch.
# With:  DJL 0.35.1, PyTorch 2.7.1 (pytorch-native-cpu, about 100 MB at the first run).
#        https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html (its note on this)
# So:    one-cycle and step schedules train other networks than the paper's. The trainer writes its SGD
#        itself (with Nesterov, which DJL's lacks too).
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

import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.*;

public class Finding {
  public static void main(String[] args) {
    System.out.println(Engine.getInstance().getEngineName() + " " + Engine.getInstance().getVersion() + ", DJL " + Engine.getDjlVersion());
    float[] rates = {1, 0.1f, 0.1f};
    int[] step = {0};
    Tracker schedule = updates -> rates[step[0]];
    Optimizer sgd = Optimizer.sgd().setLearningRateTracker(schedule).optMomentum(0.9f).build();
    List<Float> djl = new ArrayList<>(), torch = new ArrayList<>();
    float w = 0, v = 0;
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray weight = manager.create(new float[] {0}), gradient = manager.create(new float[] {1});
      for (; step[0] < rates.length; step[0]++) {
        sgd.update("weight", weight, gradient.duplicate());
        djl.add(weight.toFloatArray()[0]);
        v = 0.9f * v + 1;
        w -= rates[step[0]] * v;
        torch.add(w);
      }
    }
    System.out.println("rates " + Arrays.toString(rates) + ", gradient 1: DJL " + djl + ", PyTorch's formula " + torch);
    boolean same = Math.abs(djl.get(2) + 3) < 1e-5 && Math.abs(torch.get(2) + 1.461) < 1e-3;
    System.out.println(same ? "ok: still so" : "changed: DJL has PyTorch's momentum");
    System.exit(same ? 0 : 1);
  }
}
END

java -Dai.djl.offline=true -DDJL_CACHE_DIR="$work/djl" -cp "$(cat classpath)" Finding.java
