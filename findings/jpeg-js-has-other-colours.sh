#!/usr/bin/env bash
# Guess: two JPEG decoders differ by a level or two, from rounding in the inverse transform.
# So is: OpenCV, ImageIO and sharp agree in every byte (all libjpeg or libjpeg-turbo with smooth
#        upsampling of the colour planes). jpeg-js, the pure JavaScript decoder under many npm image
#        tools, repeats colour samples instead: at most 3 levels off where colour has full resolution
#        (4:4:4), but 68 at coloured edges in the usual 4:2:0.
# With:  OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13), JDK 17, sharp 0.35.5, jpeg-js 0.4.4.
# So:    a browser or Node producer that decodes, crops and encodes again changes colours at edges.
#        Send the camera's JPEG untouched, or crop with a libjpeg-turbo based tool (sharp).
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
const sharp = require('sharp'), w = 64, h = 48, raw = Buffer.alloc(w * h * 3);
for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) raw.set([x * 4, y * 5, ((x >> 3) + (y >> 3)) % 2 ? 220 : 30], (y * w + x) * 3);
(async () => {
  for (const sampling of ['4:2:0', '4:4:4'])
    await sharp(raw, {raw: {width: w, height: h, channels: 3}}).jpeg({quality: 80, chromaSubsampling: sampling}).toFile(sampling.replace(/:/g, '') + '.jpg');
})();
END

cat > compare.js <<'END'
const sharp = require('sharp'), jpegjs = require('jpeg-js'), fs = require('fs');
(async () => {
  let same = true;
  for (const file of ['420', '444']) {
    const ours = fs.readFileSync(file + '.cv'), java = fs.readFileSync(file + '.imageio');
    const most = other => ours.reduce((max, level, i) => Math.max(max, Math.abs(level - other[i])), 0);
    const seen = {ImageIO: most(java), sharp: most(await sharp(file + '.jpg').raw().toBuffer()),
      'jpeg-js': most(jpegjs.decode(fs.readFileSync(file + '.jpg'), {formatAsRGBA: false}).data)};
    console.log(file + ': most levels apart from OpenCV', seen);
    same = same && seen.ImageIO === 0 && seen.sharp === 0 && (file === '420' ? seen['jpeg-js'] > 40 : seen['jpeg-js'] < 6);
  }
  console.log(same ? 'ok: still so' : 'changed: the decoders agree more, or less');
  process.exit(same ? 0 : 1);
})();
END

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_core.*;
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;

import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.*;
import javax.imageio.ImageIO;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  public static void main(String[] args) throws Exception {
    System.out.println("OpenCV " + CV_VERSION() + ", Java " + Runtime.version().feature());
    for (String name : new String[] {"420", "444"}) {
      BufferedImage java = ImageIO.read(new File(name + ".jpg"));
      int w = java.getWidth(), h = java.getHeight();
      byte[] cv = new byte[3 * w * h], io = new byte[3 * w * h];
      try (Mat image = imread(name + ".jpg", IMREAD_COLOR)) {
        for (int y = 0; y < h; y++)
          for (int x = 0; x < w; x++)
            for (int c = 0; c < 3; c++) {
              cv[3 * (y * w + x) + c] = image.ptr(y, x).get(2 - c);
              io[3 * (y * w + x) + c] = (byte) (java.getRGB(x, y) >> (16 - 8 * c));
            }
      }
      Files.write(Path.of(name + ".cv"), cv);
      Files.write(Path.of(name + ".imageio"), io);
    }
  }
}
END

npm install --silent --no-fund --no-audit sharp@0.35.5 jpeg-js@0.4.4
node make.js
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
node compare.js
