#!/usr/bin/env bash
# Guess: white of a BMP of 16 bits, 31 of 31, is 255.
# So is: OpenCV shifts the bits up and leaves the lower ones 0: white is 248 (green of 5-6-5: 252), as if all were 3 %
#        darker. ImageIO scales: 255.
# With:  OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13), JDK 17.
# So:    frame grabbers and microcontrollers write such files: a network trained on them with another reader sees them
#        darker here. Convert them where they are made, or read training and frames with one library.
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

import java.io.ByteArrayInputStream;
import java.nio.*;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  /** A file of one row. */
  static byte[] bmp(int[] masks, int... pixels) {
    int header = 54 + 4 * masks.length;
    ByteBuffer file = ByteBuffer.allocate(header + 2 * pixels.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(header).putInt(40).putInt(pixels.length).putInt(1);
    file.putShort((short) 1).putShort((short) 16).putInt(masks.length).putInt(2 * pixels.length).putInt(0).putInt(0).putInt(0).putInt(0);
    for (int mask : masks) file.putInt(mask);
    for (int pixel : pixels) file.putShort((short) pixel);
    return file.array();
  }

  static String read(byte[] file) throws Exception {
    Mat image = imdecode(new Mat(1, file.length, opencv_core.CV_8UC1, new BytePointer(file)), IMREAD_COLOR);
    byte[] bgr = new byte[6];
    image.data().get(bgr);
    int white = ImageIO.read(new ByteArrayInputStream(file)).getRGB(0, 0);
    return "OpenCV %d %d %d, ImageIO %d %d %d".formatted(bgr[2] & 255, bgr[1] & 255, bgr[0] & 255, white >> 16 & 255, white >> 8 & 255, white & 255);
  }

  public static void main(String[] args) throws Exception {
    String five = read(bmp(new int[] {}, 0x7fff, 0)), six = read(bmp(new int[] {0xf800, 0x7e0, 0x1f}, 0xffff, 0));
    System.out.printf("OpenCV %s; white of 5-5-5: %s; of 5-6-5: %s%n", opencv_core.CV_VERSION, five, six);
    boolean same = five.equals("OpenCV 248 248 248, ImageIO 255 255 255") && six.equals("OpenCV 248 252 248, ImageIO 255 255 255");
    System.out.println(same ? "ok: still so" : "changed: white is white");
    System.exit(same ? 0 : 1);
  }
}
END

java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
