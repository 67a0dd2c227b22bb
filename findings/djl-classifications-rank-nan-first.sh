#!/usr/bin/env bash
# Guess: a class whose probability is NaN is the last of DJL's Classifications, or no result can be made of it.
# So is: it is always best(), wherever it stands. Printed, its probability is 0.00000; toJson() writes NaN, which
#        is no JSON and ends the reader behind it.
# With:  ai.djl:api 0.35.1, pytorch-engine 0.35.1 with PyTorch 2.7.1; Jackson 2.19.2 as the reader.
# So:    one broken value names the class of a frame, and the log says "0.00000" beside it, like an honest
#        doubt. Check logits for what is finite before they are ranked, as the job does for every stage.
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
  <dependency><groupId>com.fasterxml.jackson.core</groupId><artifactId>jackson-databind</artifactId><version>2.19.2</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.*;

public class Finding {
  public static void main(String[] args) throws Exception {
    List<String> seen = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int nan = 0; nan < 3; nan++) {
        float[] probabilities = {0.5f, 0.3f, 0.2f};
        probabilities[nan] = Float.NaN;
        Classifications result = new Classifications(List.of("stop", "yield", "limit"), manager.create(probabilities));
        String json = "read";
        try {
          new ObjectMapper().readTree(result.toJson());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
          json = "refused";
        }
        seen.add(Arrays.toString(probabilities) + ": " + result.best() + ", JSON " + json);
      }
    }
    seen.forEach(System.out::println);
    boolean same = seen.equals(List.of("[NaN, 0.3, 0.2]: {\"className\": \"stop\", \"probability\": 0.00000}, JSON refused",
        "[0.5, NaN, 0.2]: {\"className\": \"yield\", \"probability\": 0.00000}, JSON refused",
        "[0.5, 0.3, NaN]: {\"className\": \"limit\", \"probability\": 0.00000}, JSON refused"));
    System.out.println(same ? "ok: still so" : "changed: NaN is ranked or shown otherwise");
    System.exit(same ? 0 : 1);
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
