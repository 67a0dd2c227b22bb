#!/usr/bin/env bash
# Guess: createBuffer() of a crop (a Mat of a Mat and a Rect) has the crop's pixels.
# So is: it has rows times the width of the whole picture, from the crop's first pixel on: behind each row of the crop
#        stand the pixels right of it and left of the next row. isContinuous() is false. That of a
#        clone() has the crop alone.
# With:  OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13).
# So:    a zone that is cut out and sent or fed to a network is sheared, and shows what is beside it: people outside of
#        the zone. clone() before createBuffer(), or compare the capacity with total().
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
import java.util.Arrays;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.global.opencv_core;

public class Finding {
  static String bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return Arrays.toString(bytes);
  }

  public static void main(String[] args) {
    Mat picture = new Mat(4, 6, opencv_core.CV_8UC1);
    for (int i = 0; i < 24; i++) picture.data().put(i, (byte) i);
    Mat crop = new Mat(picture, new Rect(2, 1, 3, 2)); // 8 9 10 and 14 15 16
    String lent = bytes(crop.createBuffer()), cloned = bytes(crop.clone().createBuffer());
    System.out.printf("OpenCV %s; crop of 3 x 2: %s; of its clone: %s; continuous: %s, total %d%n", opencv_core.CV_VERSION, lent, cloned, crop.isContinuous(), crop.total());
    boolean same = lent.equals("[8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]") && cloned.equals("[8, 9, 10, 14, 15, 16]");
    System.out.println(same ? "ok: still so" : "changed: the buffer has the crop alone");
    System.exit(same ? 0 : 1);
  }
}
END

java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
