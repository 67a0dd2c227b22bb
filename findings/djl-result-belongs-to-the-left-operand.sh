#!/usr/bin/env bash
# Guess: addition is symmetric: a.add(b) and b.add(a) make arrays that live equally long, and what is made
#        within a step is freed with the step's manager.
# So is: a result belongs to the manager of its left operand. parameter.add(x) belongs to the model and
#        outlives the step (a leak of one array per step, native memory that no garbage collector
#        sees); x.add(parameter) goes with the step.
# With:  DJL 0.35.1, PyTorch 2.7.1 (pytorch-native-cpu, about 100 MB at the first run).
# So:    training grows by megabytes a step and dies outside the heap. Attach what a step makes to the
#        step's manager, whatever the order of operands.
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

public class Finding {
  public static void main(String[] args) {
    System.out.println(Engine.getInstance().getEngineName() + " " + Engine.getInstance().getVersion() + ", DJL " + Engine.getDjlVersion());
    try (NDManager base = NDManager.newBaseManager()) {
      NDManager model = base.newSubManager(), step = base.newSubManager();
      NDArray parameter = model.create(1f), x = step.create(2f);
      NDArray left = parameter.add(x), right = x.add(parameter);
      step.close();
      System.out.println("step closed: parameter.add(x) is " + (left.isReleased() ? "freed" : "alive") + ", x.add(parameter) is " + (right.isReleased() ? "freed" : "alive"));
      boolean same = !left.isReleased() && right.isReleased();
      System.out.println(same ? "ok: still so" : "changed: results belong to another manager");
      System.exit(same ? 0 : 1);
    }
  }
}
END

java -Dai.djl.offline=true -DDJL_CACHE_DIR="$work/djl" -cp "$(cat classpath)" Finding.java
