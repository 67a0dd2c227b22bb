#!/usr/bin/env bash
# Guess: imdecode with IMREAD_GRAYSCALE is imdecode with IMREAD_COLOR and cvtColor after it.
# So is: of a JPEG the flag takes the stored luma, which the way over colour does not give back where colours were
#        clipped: up to 15 levels apart, 2.6 on average, for saturated red and blue. Of a PNG they are one
#        level apart on half of the pixels; of a WebP equal.
# With:  OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13), sharp 0.35.5 for the pictures.
# So:    a grey network trained with one way and served with the other sees lamps and signs, the saturated things,
#        at other levels. One way on both sides.
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
npm install --silent --no-fund --no-audit sharp@0.35.5 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > make.cjs <<'END'
const sharp = require('sharp'), w = 64, h = 48, signs = Buffer.alloc(w * h * 3), ramp = Buffer.alloc(w * h * 3);
for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) {
  signs.set(((x >> 2) + (y >> 2)) % 2 ? [255, 0, 0] : [0, 0, 255], 3 * (y * w + x));
  ramp.set([x * 4, y * 5, ((x >> 3) + (y >> 3)) % 2 ? 220 : 30], 3 * (y * w + x));
}
const picture = pixels => sharp(pixels, {raw: {width: w, height: h, channels: 3}});
Promise.all([picture(signs).jpeg({quality: 70}).toFile('signs.jpg'), picture(ramp).png().toFile('ramp.png'), picture(ramp).webp().toFile('ramp.webp')]);
END

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_core.*;
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;
import static org.bytedeco.opencv.global.opencv_imgproc.*;

import java.util.*;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  public static void main(String[] args) {
    System.out.println("OpenCV " + CV_VERSION());
    List<Double> most = new ArrayList<>();
    for (String file : args) {
      Mat flag = imread(file, IMREAD_GRAYSCALE), converted = new Mat(), apart = new Mat();
      cvtColor(imread(file, IMREAD_COLOR), converted, COLOR_BGR2GRAY);
      absdiff(flag, converted, apart);
      most.add(norm(apart, NORM_INF, null));
      System.out.printf(Locale.ROOT, "%s: up to %.0f levels apart, %.2f on average%n", file, most.get(most.size() - 1), mean(apart).get(0));
    }
    boolean same = most.get(0) > 8 && most.get(1) == 1 && most.get(2) == 0;
    System.out.println(same ? "ok: still so" : "changed: the two ways agree, or differ otherwise");
    System.exit(same ? 0 : 1);
  }
}
END

node make.cjs
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java signs.jpg ramp.png ramp.webp
