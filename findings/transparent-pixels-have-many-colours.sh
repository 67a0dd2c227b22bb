#!/usr/bin/env bash
# Guess: a PNG with alpha is made opaque in one of two ways, whichever tool does it: colours as stored, or mixed with
#        one background.
# So is: of a wholly transparent and a half transparent pixel of colour 200 100 50, OpenCV and sharp's removeAlpha
#        keep 200 100 50 for both; sharp to JPEG and Java's drawImage mix with black, 0 and 100 50 25;
#        jimp to JPEG gives 0 for the first and the full colour for the second; and sharp's removeAlpha after
#        resize is as jimp's, not as without resize.
# With:  sharp 0.35.5, jimp 1.6.1, OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13), JDK 17.
# So:    rendered signs and screenshots as training data have other edges and backgrounds than frames. Flatten
#        onto a chosen colour first, and send pictures without alpha.
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
npm install --silent --no-fund --no-audit sharp@0.35.5 jimp@1.6.1 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > make.mjs <<'END'
import fs from 'node:fs';
import sharp from 'sharp';
import {Jimp} from 'jimp';
const colour = data => [...data.subarray(0, 3)].map(level => 5 * Math.round(level / 5)).join(' ');
for (const [name, alpha] of [['none', 0], ['half', 128]]) {
  const raw = Buffer.alloc(16 * 16 * 4);
  for (let i = 0; i < 256; i++) raw.set([200, 100, 50, alpha], 4 * i);
  const png = await sharp(raw, {raw: {width: 16, height: 16, channels: 4}}).png().toBuffer();
  fs.writeFileSync(name + '.png', png);
  const jpeg = async file => colour(await sharp(file).raw().toBuffer());
  console.log(`${name}: sharp to JPEG ${await jpeg(await sharp(png).jpeg({quality: 100}).toBuffer())}, removeAlpha ${colour(await sharp(png).removeAlpha().raw().toBuffer())}, `
    + `resized ${colour(await sharp(png).resize(8, 8).removeAlpha().raw().toBuffer())}, jimp to JPEG ${await jpeg(await (await Jimp.read(png)).getBuffer('image/jpeg', {quality: 100}))}`);
}
END

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;

import java.awt.image.BufferedImage;
import java.io.File;
import javax.imageio.ImageIO;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  public static void main(String[] args) throws Exception {
    for (String name : args) {
      Mat image = imread(name + ".png", IMREAD_COLOR);
      BufferedImage drawn = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
      drawn.createGraphics().drawImage(ImageIO.read(new File(name + ".png")), 0, 0, null);
      String opencv = "", java = "";
      for (int c = 0; c < 3; c++) {
        opencv += " " + 5 * Math.round((image.ptr(0, 0).get(2 - c) & 255) / 5.0);
        java += " " + 5 * Math.round(drawn.getRaster().getSample(0, 0, c) / 5.0);
      }
      System.out.println(name + ": OpenCV" + opencv + ", drawImage" + java);
    }
  }
}
END

node make.mjs | tee seen
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java none half | tee -a seen
cat > expected <<'END'
none: sharp to JPEG 0 0 0, removeAlpha 200 100 50, resized 0 0 0, jimp to JPEG 0 0 0
half: sharp to JPEG 100 50 25, removeAlpha 200 100 50, resized 200 100 50, jimp to JPEG 200 100 50
none: OpenCV 200 100 50, drawImage 0 0 0
half: OpenCV 200 100 50, drawImage 100 50 25
END
if cmp -s seen expected; then echo "ok: still so"; else echo "changed: expected"; cat expected; exit 1; fi
