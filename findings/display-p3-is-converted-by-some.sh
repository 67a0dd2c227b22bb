#!/usr/bin/env bash
# Guess: a decoder gives the stored values, and leaves a colour profile (Display P3, as phones write) to those
#        who ask for it; or it converts, then in every format.
# So is: sharp converts to sRGB unasked, JPEG and PNG; ImageIO the JPEG but not the PNG; OpenCV and jpeg-js
#        nothing. One photo is up to 100 levels apart between them, 12 on average for strong colours.
# With:  sharp 0.35.5, jpeg-js 0.4.4, OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13), JDK 17.
# So:    a data set prepared in Node and a job that decodes by OpenCV see other reds and greens in phones'
#        pictures. Convert once, where frames are made, and send sRGB without a profile.
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
npm install --silent --no-fund --no-audit sharp@0.35.5 jpeg-js@0.4.4 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > make.js <<'END'
const sharp = require('sharp'), jpegjs = require('jpeg-js'), fs = require('fs'), w = 64, h = 48, raw = Buffer.alloc(w * h * 3);
for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) raw.set([x * 4, y * 5, ((x >> 3) + (y >> 3)) % 2 ? 220 : 30], (y * w + x) * 3);
(async () => {
  const picture = () => sharp(raw, {raw: {width: w, height: h, channels: 3}}).withIccProfile('p3');
  await picture().jpeg({quality: 95, chromaSubsampling: '4:4:4'}).toFile('p3.jpg');
  await picture().png().toFile('p3.png');
  for (const file of ['p3.jpg', 'p3.png']) fs.writeFileSync(file + '.sharp', await sharp(file).raw().toBuffer());
  fs.writeFileSync('p3.jpg.jpegjs', jpegjs.decode(fs.readFileSync('p3.jpg'), {formatAsRGBA: false}).data);
})();
END

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;

import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.*;
import javax.imageio.ImageIO;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  static String apart(byte[] a, byte[] b) {
    int most = 0;
    for (int i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] & 255) - (b[i] & 255)));
    return most < 5 ? "equal" : most > 80 ? "over 80 apart" : most + " apart";
  }

  public static void main(String[] args) throws Exception {
    String seen = "";
    for (String file : new String[] {"p3.jpg", "p3.png"}) {
      Mat image = imread(file, IMREAD_COLOR);
      BufferedImage java = ImageIO.read(new File(file));
      byte[] ours = new byte[3 * image.rows() * image.cols()], io = ours.clone();
      for (int i = 0, w = image.cols(); i < ours.length; i++) {
        ours[i] = image.ptr(i / 3 / w, i / 3 % w).get(2 - i % 3);
        io[i] = (byte) java.getRaster().getSample(i / 3 % w, i / 3 / w, i % 3);
      }
      seen += file + ", to OpenCV: sharp " + apart(ours, Files.readAllBytes(Path.of(file + ".sharp"))) + ", ImageIO " + apart(ours, io) + "\n";
    }
    Mat jpeg = imread("p3.jpg", IMREAD_COLOR);
    byte[] ours = new byte[3 * jpeg.rows() * jpeg.cols()];
    for (int i = 0, w = jpeg.cols(); i < ours.length; i++) ours[i] = jpeg.ptr(i / 3 / w, i / 3 % w).get(2 - i % 3);
    seen += "p3.jpg, to OpenCV: jpeg-js " + apart(ours, Files.readAllBytes(Path.of("p3.jpg.jpegjs"))) + "\n";
    System.out.print(seen);
    boolean same = seen.equals("p3.jpg, to OpenCV: sharp over 80 apart, ImageIO over 80 apart\n" + "p3.png, to OpenCV: sharp over 80 apart, ImageIO equal\n"
        + "p3.jpg, to OpenCV: jpeg-js equal\n");
    System.out.println(same ? "ok: still so" : "changed: others convert");
    System.exit(same ? 0 : 1);
  }
}
END

node make.js
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
