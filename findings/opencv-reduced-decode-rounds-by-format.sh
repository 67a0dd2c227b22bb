#!/usr/bin/env bash
# Guess: IMREAD_REDUCED_COLOR_4 gives a quarter of each side, rounded in one way, and never less than a
#        pixel.
# So is: a JPEG of 61 x 45 becomes 16 x 12 (up: the decoder's own scaling), a PNG or WebP 15 x 11
#        (down: a full decode and a resize after it, which saves no time). A JPEG of 3 x 3 becomes 1 x 1;
#        a PNG of 3 x 3 throws "inv_scale_x > 0" from resize.
# With:  OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13); files made with sharp 0.35.5.
# So:    decoding at reduced size is for JPEG alone; for others it costs a second interpolation and
#        fails on thumbnails. Scale factors come from the decoded size, not from the flag.
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

cat > make.js <<'END'
const sharp = require('sharp');
const picture = (w, h) => sharp({create: {width: w, height: h, channels: 3, background: '#20c040'}});
Promise.all(['jpeg', 'png', 'webp'].flatMap(f => [picture(61, 45).toFormat(f).toFile('odd.' + f), picture(3, 3).toFormat(f).toFile('tiny.' + f)]));
END

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_core.*;
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;

import java.nio.file.*;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  static String quarter(String file) throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of(file));
    String seen;
    try (Mat encoded = new Mat(1, bytes.length, CV_8UC1, new BytePointer(bytes)); Mat image = imdecode(encoded, IMREAD_REDUCED_COLOR_4)) {
      seen = image.cols() + "x" + image.rows();
    } catch (RuntimeException e) {
      seen = e.getMessage().contains("inv_scale_x > 0") ? "throws inv_scale_x > 0" : e.getMessage();
    }
    System.out.println(file + " at a quarter: " + seen);
    return seen;
  }

  public static void main(String[] args) throws Exception {
    System.out.println("OpenCV " + CV_VERSION() + ", odd: 61 x 45, tiny: 3 x 3");
    boolean same = quarter("odd.jpeg").equals("16x12") & quarter("odd.png").equals("15x11") & quarter("odd.webp").equals("15x11")
        & quarter("tiny.jpeg").equals("1x1") & quarter("tiny.png").equals("throws inv_scale_x > 0");
    System.out.println(same ? "ok: still so" : "changed: formats are reduced alike");
    System.exit(same ? 0 : 1);
  }
}
END

npm install --silent --no-fund --no-audit sharp@0.35.5
node make.js
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
