#!/usr/bin/env bash
# Guess: registerCachedFile(path, name) sends any number of directories along with a job, told apart by the
#        names they are registered under; what was packed on the way is cleaned away.
# So is: a directory is zipped under the last part of its path: a/v1 and b/v1 in one job end in
#        "Could not compress distributed-cache artifacts", though registered as two names, and so does a
#        directory called "v:1", whose zip is taken for a URI. One that is sent leaves its zip in
#        java.io.tmpdir of the process that submits, for good.
# With:  Flink 2.3.0, a MiniCluster.
# So:    models kept as name/version cannot be sent two to a job, and a long-lived process that submits
#        jobs fills its temporary directory. Give each its own last name.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-streaming-java</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-clients</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

public class Finding {
  public static class Read extends RichMapFunction<String, String> {
    @Override
    public String map(String name) throws Exception {
      Path directory = getRuntimeContext().getDistributedCache().getFile(name).toPath();
      return Files.readString(directory.resolve("model.txt"));
    }
  }

  static String run(String... directories) throws Exception {
    StreamExecutionEnvironment job = StreamExecutionEnvironment.createLocalEnvironment(1);
    for (String directory : directories) {
      Path path = Files.createDirectories(Path.of(directory)).toAbsolutePath();
      Files.writeString(path.resolve("model.txt"), "of " + directory);
      job.registerCachedFile(path.toString(), "as " + directory);
    }
    List<String> read = new ArrayList<>();
    String said;
    try (CloseableIterator<String> all =
        job.fromData(Stream.of(directories).map(d -> "as " + d).toList()).map(new Read()).executeAndCollect()) {
      all.forEachRemaining(read::add);
      said = read.toString();
    } catch (Exception e) {
      said = e.getMessage();
    }
    System.out.println(String.join(" and ", directories) + ": " + said);
    return said;
  }

  static List<String> left() throws Exception {
    try (Stream<Path> files = Files.walk(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".zip")).toList();
    }
  }

  public static void main(String[] args) throws Exception {
    System.out.println("Flink " + org.apache.flink.runtime.util.EnvironmentInformation.getVersion());
    String one = run("a/v1");
    List<String> left = left();
    System.out.println("left in java.io.tmpdir once that job has ended: " + left);
    String others = run("a/v1", "b/v2");
    String two = run("a/v1", "b/v1");
    String colon = run("a/v:1");
    String failed = "Could not compress distributed-cache artifacts.";
    boolean same = one.equals("[of a/v1]") && others.equals("[of a/v1, of b/v2]") && left.equals(List.of("v1.zip"))
        && two.equals(failed) && !colon.startsWith("[");
    System.out.println(same ? "ok: still so" : "changed: directories of one name, or with a colon, are sent, or nothing is left");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END
mkdir -p classes tmp
javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java -Djava.io.tmpdir="$work/tmp" --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
