#!/usr/bin/env bash
# Guess: Flink's Path takes a URI: file:///images/a%20b.jpg, as java.nio's toUri() writes it for "a b.jpg", is
#        that file.
# So is: new Path(String) takes percent signs as they are: the file is not found, or, where one is really
#        named "a%20b.jpg", the wrong one is read. "#" (%23) is the same. new Path(URI) decodes, and reads
#        the right one.
# With:  Flink 2.3.0 (flink-core), local files.
# So:    references to images that come as URIs (claim check) are dead letters or, worse, other images.
#        Make them with new Path(URI.create(reference)).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-core</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.io.*;
import java.net.URI;
import java.nio.file.*;
import java.util.*;
import org.apache.flink.core.fs.FSDataInputStream;

public class Finding {
  static String read(org.apache.flink.core.fs.Path path) throws IOException {
    try (FSDataInputStream in = path.getFileSystem().open(path)) {
      return new String(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return "not found";
    }
  }

  public static void main(String[] args) throws Exception {
    java.nio.file.Path folder = java.nio.file.Path.of("images").toAbsolutePath();
    Files.createDirectories(folder);
    List<String> seen = new ArrayList<>();
    for (String name : List.of("a b.jpg", "c#1.jpg")) {
      java.nio.file.Path file = Files.writeString(folder.resolve(name), "right");
      String uri = file.toUri().toString();
      String one = read(new org.apache.flink.core.fs.Path(uri)) + ", " + read(new org.apache.flink.core.fs.Path(URI.create(uri)));
      System.out.println(uri.replaceAll(".*/", "") + ": new Path(String) and new Path(URI): " + one);
      seen.add(one);
    }
    Files.writeString(folder.resolve("a%20b.jpg"), "another file");
    String other = read(new org.apache.flink.core.fs.Path(folder.resolve("a b.jpg").toUri().toString()));
    System.out.println("with a file of that name beside it, new Path(String): " + other);
    boolean same = Set.copyOf(seen).equals(Set.of("not found, right")) && other.equals("another file");
    System.out.println(same ? "ok: still so" : "changed: Path decodes");
    System.exit(same ? 0 : 1);
  }
}
END

java -cp "$(cat classpath)" Finding.java
