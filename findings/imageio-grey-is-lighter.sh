#!/usr/bin/env bash
# Guess: a grey pixel of 100 in a PNG is (100, 100, 100) in Java's BufferedImage.getRGB, as in any
#        other decoder.
# So is: getRGB takes the grey levels of ImageIO's images as linear light and gives 168; 200 becomes
#        229. The raster holds the 100. Of 16 bits a level it is the same (1000 of 65535: 33, where
#        OpenCV has 3), and with an alpha channel too. OpenCV, pngjs and sharp say 100.
# With:  JDK 17, OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13), pngjs 7.0.0.
# So:    a data set with grey pictures that a Java tool read by getRGB trains on lighter ones than are
#        served: decode with the library that serves, or read the raster.
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
const { PNG } = require('pngjs'), fs = require('fs');
const write = (name, values, bitDepth, colorType, inputColorType) => {
  const png = new PNG({width: values.length, height: 1, bitDepth, colorType, inputColorType});
  png.data = bitDepth === 16 ? Buffer.from(new Uint16Array(values).buffer) : Buffer.from(values);
  fs.writeFileSync(name, PNG.sync.write(png, {width: values.length, height: 1, bitDepth, colorType, inputColorType, inputHasAlpha: false}));
};
write('grey8.png', [100, 200], 8, 0, 0);
write('grey16.png', [1000, 40000], 16, 0, 0);
console.log('pngjs ' + require('pngjs/package.json').version + ' reads grey8.png as ' + PNG.sync.read(fs.readFileSync('grey8.png')).data[0]);
END

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_core.*;
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;

import java.awt.image.BufferedImage;
import java.io.File;
import javax.imageio.ImageIO;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  static String read(String file) throws Exception {
    BufferedImage image = ImageIO.read(new File(file));
    String seen = "";
    try (Mat cv = imread(file, IMREAD_COLOR)) {
      for (int x = 0; x < 2; x++)
        seen += "raster " + image.getRaster().getSample(x, 0, 0) + " getRGB " + (image.getRGB(x, 0) & 255) + " OpenCV " + (cv.ptr(0, x).get() & 255) + (x == 0 ? "; " : "");
    }
    System.out.println(file + ": " + seen);
    return seen;
  }

  public static void main(String[] args) throws Exception {
    System.out.println("Java " + Runtime.version().feature() + ", OpenCV " + CV_VERSION());
    boolean same = read("grey8.png").equals("raster 100 getRGB 168 OpenCV 100; raster 200 getRGB 229 OpenCV 200")
        & read("grey16.png").equals("raster 1000 getRGB 33 OpenCV 3; raster 40000 getRGB 205 OpenCV 156");
    System.out.println(same ? "ok: still so" : "changed: getRGB gives the levels of the file");
    System.exit(same ? 0 : 1);
  }
}
END

npm install --silent --no-fund --no-audit pngjs@7.0.0
node make.js
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
