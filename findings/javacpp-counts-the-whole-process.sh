#!/usr/bin/env bash
# Guess: JavaCPP's limit on native memory is about memory that JavaCPP allocated.
# So is: once the resident memory of the process, whoever took it, is above 4 times the maximum heap,
#        the next allocation of any JavaCPP library (OpenCV, ffmpeg) throws OutOfMemoryError, with
#        gigabytes free. Here 160 MB of a direct buffer beside a heap of 24 MB; the sessions of an
#        inference library or RocksDB count the same. -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 lifts it.
# With:  JavaCPP 1.5.13 (OpenCV 4.13.0-1.5.13), JDK 17.
# So:    an Error is no bad image: it ends the task of a stream job. Set the property before the first
#        class of JavaCPP is loaded, in the library itself, since its users start the process.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.13</version></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.13</version><classifier>linux-x86_64</classifier></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>opencv</artifactId><version>4.13.0-1.5.13</version></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>opencv</artifactId><version>4.13.0-1.5.13</version><classifier>linux-x86_64</classifier></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>openblas</artifactId><version>0.3.31-1.5.13</version></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>openblas</artifactId><version>0.3.31-1.5.13</version><classifier>linux-x86_64</classifier></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.nio.ByteBuffer;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  public static void main(String[] args) {
    ByteBuffer others = ByteBuffer.allocateDirect(160 << 20);
    for (int at = 0; at < others.capacity(); at += 4096) {
      others.put(at, (byte) 1);
    }
    String result;
    try (Mat image = new Mat(4, 4, 16)) {
      result = "allocated " + image.rows() + " x " + image.cols();
    } catch (OutOfMemoryError e) {
      result = e.toString();
    }
    System.out.println(args[0] + ": " + result);
    System.exit(result.contains("Physical memory usage is too high") == args[0].equals("default") ? 0 : 1);
  }
}
END

javac -cp "$(cat classpath)" Finding.java
run() { java -Xmx24m -XX:MaxDirectMemorySize=200m "${@:2}" -cp "$(cat classpath):." Finding "$1" 2>/dev/null; }
run default && run unlimited -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 ||
  { echo "changed: the limit counts something else"; exit 1; }
echo "ok: still so"
