#!/usr/bin/env bash
# Guess: an NDList that is encoded and decoded again has its arrays in the order in which it had them, in every
#        encoding.
# So is: as NPZ and ND_LIST. As SAFETENSORS they come back in the order of a hash table: exit1 to exit5 as 5, 4, 3,
#        2, 1; three without names as the third, first and second, now called arr_0 to arr_2. get(0) is
#        another array, and nothing says so.
# With:  ai.djl:api 0.35.1, pytorch-engine 0.35.1 with PyTorch 2.7.1.
# So:    logits of an early-exit network taken by position are those of another exit: the last one's for the
#        first. Take arrays by name, or encode as NPZ.
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
import ai.djl.ndarray.*;
import ai.djl.ndarray.NDList.Encoding;
import java.util.*;

public class Finding {
  public static void main(String[] args) {
    List<String> seen = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Encoding encoding : List.of(Encoding.NPZ, Encoding.ND_LIST, Encoding.SAFETENSORS)) {
        NDList named = new NDList(), unnamed = new NDList();
        for (int i = 1; i <= 5; i++) {
          NDArray exit = manager.create(new float[] {i});
          exit.setName("exit" + i);
          named.add(exit);
          if (i <= 3) unnamed.add(manager.create(new float[] {i}));
        }
        StringBuilder order = new StringBuilder(encoding + ":");
        for (NDArray exit : NDList.decode(manager, named.encode(encoding))) order.append(" " + (int) exit.toFloatArray()[0]);
        order.append(", without names:");
        for (NDArray exit : NDList.decode(manager, unnamed.encode(encoding))) order.append(" " + (int) exit.toFloatArray()[0]);
        System.out.println(order);
        seen.add(order.toString());
      }
    }
    boolean same = seen.equals(List.of("NPZ: 1 2 3 4 5, without names: 1 2 3", "ND_LIST: 1 2 3 4 5, without names: 1 2 3",
        "SAFETENSORS: 5 4 3 2 1, without names: 3 1 2"));
    System.out.println(same ? "ok: still so" : "changed: another order");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
