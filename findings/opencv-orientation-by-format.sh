#!/usr/bin/env bash
# Guess: imdecode(IMREAD_COLOR) turns a picture by its EXIF orientation, in every format that carries
#        EXIF, and imread of the same file gives the same; IMREAD_REDUCED_COLOR_2 gives it half size.
# So is: JPEG and PNG (eXIf) are turned, WebP is not. TIFF is turned by imdecode, not turned in half
#        size, and imread of it fails altogether and gives an empty image. ImageIO turns none.
# With:  OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13), ImageIO of JDK 17; files made with sharp 0.35.5.
# So:    one picture in three formats has two orientations, and two readers of one data set differ.
#        What trains and what serves must decode with one library and one flag; turn on upload.
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
const picture = () => sharp({create: {width: 64, height: 48, channels: 3, background: '#20c040'}}).withMetadata({orientation: 6});
Promise.all(['jpeg', 'png', 'webp', 'tiff'].map(format => picture().toFormat(format).toFile('turned.' + format)));
END

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_core.*;
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;

import java.io.File;
import java.nio.file.*;
import java.util.*;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  static String size(Mat image) {
    return image.empty() ? "none" : image.cols() + "x" + image.rows();
  }

  public static void main(String[] args) throws Exception {
    System.out.println("OpenCV " + CV_VERSION() + ", 64 x 48 with orientation 6 (upright: 48 x 64)");
    Map<String, String> expected = Map.of(
        "jpeg", "imdecode 48x64, half 24x32, imread 48x64, ImageIO 64x48",
        "png", "imdecode 48x64, half 24x32, imread 48x64, ImageIO 64x48",
        "webp", "imdecode 64x48, half 32x24, imread 64x48, ImageIO null",
        "tiff", "imdecode 48x64, half 32x24, imread none, ImageIO 64x48");
    boolean same = true;
    for (String format : new TreeSet<>(expected.keySet())) {
      String file = "turned." + format;
      byte[] bytes = Files.readAllBytes(Path.of(file));
      Mat encoded = new Mat(1, bytes.length, CV_8UC1, new BytePointer(bytes));
      var java = ImageIO.read(new File(file));
      String seen = "imdecode " + size(imdecode(encoded, IMREAD_COLOR)) + ", half " + size(imdecode(encoded, IMREAD_REDUCED_COLOR_2))
          + ", imread " + size(imread(file, IMREAD_COLOR)) + ", ImageIO " + (java == null ? "null" : java.getWidth() + "x" + java.getHeight());
      System.out.println(format + ": " + seen);
      same &= seen.equals(expected.get(format));
    }
    System.out.println(same ? "ok: still so" : "changed: other formats are turned");
    System.exit(same ? 0 : 1);
  }
}
END

npm install --silent --no-fund --no-audit sharp@0.35.5
node make.js
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java 2> native.log || { tail -20 native.log; exit 1; }
