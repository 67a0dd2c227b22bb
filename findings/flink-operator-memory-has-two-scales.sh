#!/usr/bin/env bash
# Guess: memory of a FlinkDeployment is a Kubernetes quantity, as beside it in the pod template: 2G is 2 x 10^9
#        bytes, 2Gi is 2 x 2^30, 1.5Gi is allowed.
# So is: the operator tries Flink's notation first: 2G, 2g and 2048m (for Kubernetes 2 bytes) are 2 x 2^30, 2000000k
#        is 2 x 10^6 x 1024, and only what Flink does not know is a quantity. Fractions pass the operator as
#        "1610612736.0", which Flink's own parser refuses.
# With:  flink-kubernetes-operator 1.7.0 with its Flink classes, fabric8 kubernetes-model-core 6.8.1 (the last
#        operator on Maven Central; later ones were not run).
# So:    pods ask for 7 % more than a quota in the other scale was made for. Write MiB with Flink's m, as the
#        files in k8s/ do, or Mi and Gi without a fraction; never G or M.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-kubernetes-operator</artifactId><version>1.7.0</version></dependency>
  <dependency><groupId>io.fabric8</groupId><artifactId>kubernetes-model-core</artifactId><version>6.8.1</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.*;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.kubernetes.operator.config.FlinkConfigBuilder;

public class Finding {
  static String asOperator(String memory) {
    try {
      return MemorySize.parse(FlinkConfigBuilder.parseResourceMemoryString(memory)).getBytes() + "";
    } catch (IllegalArgumentException e) {
      return "refused";
    }
  }

  public static void main(String[] args) {
    List<String> seen = new ArrayList<>();
    for (String memory : List.of("2G", "2Gi", "2048m", "2000000k", "1.5Gi"))
      seen.add(memory + ": operator " + asOperator(memory) + ", Kubernetes " + Quantity.getAmountInBytes(new Quantity(memory)).toBigInteger());
    seen.forEach(System.out::println);
    boolean same = seen.equals(List.of("2G: operator 2147483648, Kubernetes 2000000000", "2Gi: operator 2147483648, Kubernetes 2147483648",
        "2048m: operator 2147483648, Kubernetes 2", "2000000k: operator 2048000000, Kubernetes 2000000000", "1.5Gi: operator refused, Kubernetes 1610612736"));
    System.out.println(same ? "ok: still so" : "changed: memory is read in another way");
    System.exit(same ? 0 : 1);
  }
}
END

java -cp "$(cat classpath)" Finding.java
