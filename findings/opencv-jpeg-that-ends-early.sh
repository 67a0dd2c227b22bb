#!/usr/bin/env bash
# Guess: half of a JPEG is refused, or half of a picture, whichever way it was cut.
# So is: cut off, imdecode gives an empty Mat. With the end mark behind the cut (a camera that ran out of
#        buffer, a proxy that "repairs") it gives a picture of the full size: what is missing is flat
#        grey, and the only word of it goes to the standard error of the process.
# With:  OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13).
# So:    a network classifies grey with confidence, and no return value tells. Markers in the middle of a
#        scan can be looked for beforehand; an early end mark cannot be told without decoding.
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
import static org.bytedeco.opencv.global.opencv_core.*;
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;

import java.util.*;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  public static void main(String[] args) {
    byte[] noise = new byte[3 * 128 * 128];
    new Random(1).nextBytes(noise);
    byte[] file;
    try (BytePointer pixels = new BytePointer(noise); Mat image = new Mat(128, 128, CV_8UC3, pixels);
        BytePointer encoded = new BytePointer()) {
      imencode(".jpg", image, encoded);
      file = new byte[(int) encoded.limit()];
      encoded.get(file);
    }
    byte[] cut = Arrays.copyOf(file, file.length / 2);
    byte[] ended = Arrays.copyOf(cut, cut.length + 2);
    ended[cut.length] = (byte) 0xff;
    ended[cut.length + 1] = (byte) 0xd9;
    String cutOff = decode(cut);
    String endMark = decode(ended);
    System.out.println("half of a JPEG: " + cutOff + "; with the end mark: " + endMark);
    System.exit(cutOff.equals("empty") && endMark.startsWith("128 x 128, last row all") ? 0 : 1);
  }

  static String decode(byte[] file) {
    try (BytePointer bytes = new BytePointer(file); Mat encoded = new Mat(1, file.length, CV_8UC1, bytes);
        Mat image = imdecode(encoded, IMREAD_COLOR)) {
      if (image.empty()) return "empty";
      byte[] row = new byte[3 * image.cols()];
      image.ptr(image.rows() - 1).get(row);
      boolean flat = true;
      for (byte value : row) flat &= value == row[0];
      return image.cols() + " x " + image.rows() + (flat ? ", last row all " + (row[0] & 0xff) : ", last row varies");
    }
  }
}
END

java -cp "$(cat classpath)" Finding.java || { echo "changed: what is missing shows"; exit 1; }
echo "ok: still so"
