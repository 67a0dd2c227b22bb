#!/usr/bin/env bash
# Guess: a TIFF that says that 0 is white is turned, or is not, whatever its depth.
# So is: of 8 bits OpenCV turns it under every flag. Of 16 bits it turns it where it makes 8 of them (IMREAD_COLOR), and
#        gives the stored numbers, a negative, under IMREAD_UNCHANGED and IMREAD_ANYDEPTH.
# With:  OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13).
# So:    the hottest pixel of a thermal picture becomes the coldest one when the pipeline is made to keep 16 bits. Look
#        at tag 262, or have cameras write BlackIsZero.
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
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;

import java.nio.*;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  /** A file of one row of four samples: 0, a quarter, a half and the largest. */
  static byte[] tiff(int photometric, int bits) {
    byte[] row = bits == 8 ? new byte[] {0, 64, (byte) 128, -1} : new byte[] {0, 0, 0, 64, 0, (byte) 128, -1, -1};
    int[][] tags = {{256, 4}, {257, 1}, {258, bits}, {259, 1}, {262, photometric}, {273, 122}, {277, 1}, {278, 1}, {279, row.length}};
    ByteBuffer file = ByteBuffer.allocate(122 + row.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) 9);
    for (int[] tag : tags) file.putShort((short) tag[0]).putShort((short) 3).putInt(1).putShort((short) tag[1]).putShort((short) 0);
    return file.putInt(0).put(row).array();
  }

  static String read(byte[] file, int flag) {
    Mat image = imdecode(new Mat(1, file.length, opencv_core.CV_8UC1, new BytePointer(file)), flag);
    StringBuilder levels = new StringBuilder();
    for (int x = 0; x < 4; x++) {
      byte[] at = new byte[(int) image.elemSize()];
      image.ptr(0, x).get(at);
      levels.append(x == 0 ? "" : " ").append(image.depth() == opencv_core.CV_16U ? (at[0] & 255) + 256 * (at[1] & 255) : at[0] & 255);
    }
    return levels.toString();
  }

  public static void main(String[] args) {
    String all = "";
    for (int bits : new int[] {8, 16})
      for (int flag : new int[] {IMREAD_COLOR, IMREAD_UNCHANGED, IMREAD_ANYDEPTH})
        all += "%d bits, flag %d: 0 is white %s, 0 is black %s%n".formatted(bits, flag, read(tiff(0, bits), flag), read(tiff(1, bits), flag));
    System.out.print("OpenCV " + opencv_core.CV_VERSION + "\n" + all);
    String turned = "0 is white 255 191 127 0, 0 is black 0 64 128 255", stored = "0 is white 0 16384 32768 65535, 0 is black 0 16384 32768 65535";
    boolean same = all.lines().filter(line -> line.contains(turned)).count() == 4 && all.lines().filter(line -> line.startsWith("16") && line.contains(stored)).count() == 2;
    System.out.println(same ? "ok: still so" : "changed: one rule for all depths");
    System.exit(same ? 0 : 1);
  }
}
END

java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
