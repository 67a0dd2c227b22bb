#!/usr/bin/env bash
# Guess: grey is 0.299 R + 0.587 G + 0.114 B (BT.601) wherever pictures are made grey: pure red is 76.
# So is: OpenCV gives 76 and Java's drawImage 77; jimp and image-js take BT.709 and give 54; sharp works in
#        linear light and gives 127. Blue is 29, 18 and 76. Neutral greys agree in all of them, so a
#        test with a grey ramp shows nothing.
# With:  sharp 0.35.5, jimp 1.6.1, image-js 1.7.0, OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13), JDK 17.
# So:    a grey network that was trained on frames of one of these and served by another sees red lamps and
#        blue signs at other levels. Send colour, and let the server make it grey.
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
npm install --silent --no-fund --no-audit sharp@0.35.5 jimp@1.6.1 image-js@1.7.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > grey.mjs <<'END'
import fs from 'node:fs';
import sharp from 'sharp';
import {Jimp} from 'jimp';
import {decode} from 'image-js';
for (const [name, colour] of [['red', [255, 0, 0]], ['blue', [0, 0, 255]], ['neutral', [100, 100, 100]]]) {
  const raw = Buffer.alloc(16 * 16 * 3);
  for (let i = 0; i < 256; i++) raw.set(colour, 3 * i);
  const png = await sharp(raw, {raw: {width: 16, height: 16, channels: 3}}).png().toBuffer();
  fs.writeFileSync(name + '.png', png);
  const bySharp = (await sharp(png).greyscale().raw().toBuffer())[0];
  const byJimp = (await Jimp.read(png)).greyscale().bitmap.data[0];
  const byImageJs = decode(new Uint8Array(png)).grey().getRawImage().data[0];
  console.log(`${name}: sharp ${bySharp}, jimp ${byJimp}, image-js ${byImageJs}`);
}
END

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;
import static org.bytedeco.opencv.global.opencv_imgproc.*;

import java.awt.image.BufferedImage;
import java.io.File;
import javax.imageio.ImageIO;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  public static void main(String[] args) throws Exception {
    for (String name : args) {
      Mat grey = new Mat();
      cvtColor(imread(name + ".png", IMREAD_COLOR), grey, COLOR_BGR2GRAY);
      BufferedImage colour = ImageIO.read(new File(name + ".png"));
      BufferedImage drawn = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
      drawn.createGraphics().drawImage(colour, 0, 0, null);
      System.out.println(name + ": OpenCV " + (grey.ptr(0, 0).get() & 255) + ", drawImage " + drawn.getRaster().getSample(0, 0, 0));
    }
  }
}
END

node grey.mjs | tee seen
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java red blue neutral | tee -a seen
cat > expected <<'END'
red: sharp 127, jimp 54, image-js 54
blue: sharp 76, jimp 18, image-js 18
neutral: sharp 100, jimp 100, image-js 100
red: OpenCV 76, drawImage 77
blue: OpenCV 29, drawImage 29
neutral: OpenCV 100, drawImage 100
END
if cmp -s seen expected; then echo "ok: still so"; else echo "changed: expected"; cat expected; exit 1; fi
