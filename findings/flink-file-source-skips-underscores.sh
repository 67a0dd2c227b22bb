#!/usr/bin/env bash
# Guess: FileSource on a folder reads every file in it; what it does not take it names in the log.
# So is: files and folders whose names begin with "_" or "." are left out, with all that is below them, and
#        no error (the default filter takes such names for hidden ones). Here 3 of 6 files are read.
# With:  Flink 2.3.0, flink-connector-files 2.3.0.
# So:    frames named _0001.jpg, or a camera's folder named _gate, are missing from a replay or an evaluation
#        whose counts look right. Compare the number of files.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-files</artifactId><version>2.3.0</version></dependency>
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
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.reader.TextLineInputFormat;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

public class Finding {
  public static void main(String[] args) throws Exception {
    Path folder = Path.of("frames").toAbsolutePath();
    List<String> names = List.of("0001.txt", "_0002.txt", ".0003.txt", "gate/0004.txt", "_gate/0005.txt", "gate_/0006.txt");
    for (String name : names) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.writeString(folder.resolve(name), name + "\n");
    }
    Configuration configuration = new Configuration();
    configuration.setString("rest.port", "0");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(1);
    Set<String> read = new TreeSet<>();
    env.fromSource(FileSource.forRecordStreamFormat(new TextLineInputFormat(), new org.apache.flink.core.fs.Path(folder.toUri())).build(),
        WatermarkStrategy.noWatermarks(), "frames").executeAndCollect().forEachRemaining(read::add);
    System.out.println("Flink " + org.apache.flink.runtime.util.EnvironmentInformation.getVersion() + ", in the folder: " + names);
    System.out.println("read: " + read);
    boolean same = read.equals(Set.of("0001.txt", "gate/0004.txt", "gate_/0006.txt"));
    System.out.println(same ? "ok: still so" : "changed: other names are left out");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
