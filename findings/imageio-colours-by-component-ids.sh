#!/usr/bin/env bash
# Guess: a JPEG of three components without JFIF or Adobe marker is YCbCr for every decoder, whatever numbers
#        its components have.
# So is: with ids 0, 1, 2 (RTP's and some encoders') and full colour resolution (4:4:4) ImageIO takes YCbCr
#        values for red, green and blue: 82 levels off on average, in silence. In 4:2:0 it reads the same
#        picture rightly; OpenCV, sharp, jpeg-js and TwelveMonkeys' reader read both.
# With:  JDK 17, OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13), com.twelvemonkeys.imageio:imageio-jpeg 3.12.0,
#        sharp 0.35.5, jpeg-js 0.4.4.
# So:    a camera set to best quality looks green and pink to a tool on ImageIO alone, and a network's labels
#        fall. Decode by OpenCV, as the job does, or look at one frame of every camera model.
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
  <dependency><groupId>com.twelvemonkeys.imageio</groupId><artifactId>imageio-jpeg</artifactId><version>3.12.0</version></dependency>
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
  for (const sampling of ['4:4:4', '4:2:0']) {
    const usual = await sharp(raw, {raw: {width: w, height: h, channels: 3}}).jpeg({quality: 90, chromaSubsampling: sampling}).toBuffer();
    const parts = [usual.subarray(0, 2)];
    for (let at = 2, scan = false; !scan;) {
      const marker = usual[at + 1], end = at + 2 + usual.readUInt16BE(at + 2), segment = Buffer.from(usual.subarray(at, end));
      if (marker === 0xc0) for (let c = 0; c < 3; c++) segment[10 + 3 * c]--;
      if (marker === 0xda) for (let c = 0; c < 3; c++) segment[5 + 2 * c]--;
      if (marker !== 0xe0) parts.push(segment);
      scan = marker === 0xda;
      if (scan) parts.push(usual.subarray(end));
      at = end;
    }
    const name = sampling.replace(/:/g, ''), jpeg = Buffer.concat(parts);
    fs.writeFileSync(name + '.jpg', jpeg);
    fs.writeFileSync(name + '.sharp', await sharp(jpeg).raw().toBuffer());
    fs.writeFileSync(name + '.jpegjs', jpegjs.decode(jpeg, {formatAsRGBA: false}).data);
  }
})();
END

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;

import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.*;
import java.util.*;
import javax.imageio.*;
import javax.imageio.stream.ImageInputStream;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  static byte[] byImageIo(String file, boolean twelveMonkeys) throws Exception {
    try (ImageInputStream in = ImageIO.createImageInputStream(new File(file))) {
      for (Iterator<ImageReader> readers = ImageIO.getImageReaders(in); readers.hasNext(); ) {
        ImageReader reader = readers.next();
        if (reader.getClass().getName().contains("twelvemonkeys") != twelveMonkeys) continue;
        reader.setInput(in);
        BufferedImage image = reader.read(0);
        byte[] levels = new byte[3 * image.getWidth() * image.getHeight()];
        for (int i = 0; i < levels.length; i++)
          levels[i] = (byte) (image.getRGB(i / 3 % image.getWidth(), i / 3 / image.getWidth()) >> (16 - 8 * (i % 3)));
        return levels;
      }
    }
    throw new IllegalStateException("no reader");
  }

  static long apart(byte[] a, byte[] b) {
    long sum = 0;
    for (int i = 0; i < a.length; i++) sum += Math.abs((a[i] & 255) - (b[i] & 255));
    return Math.round((double) sum / a.length);
  }

  public static void main(String[] args) throws Exception {
    List<String> seen = new ArrayList<>();
    for (String name : List.of("444", "420")) {
      Mat image = imread(name + ".jpg", IMREAD_COLOR);
      byte[] ours = new byte[3 * image.rows() * image.cols()];
      for (int i = 0; i < ours.length; i++) ours[i] = image.ptr(i / 3 / image.cols(), i / 3 % image.cols()).get(2 - i % 3);
      String told = name + ": mean levels apart from OpenCV: ImageIO " + apart(ours, byImageIo(name + ".jpg", false)) + ", with TwelveMonkeys "
          + apart(ours, byImageIo(name + ".jpg", true)) + ", sharp " + apart(ours, Files.readAllBytes(Path.of(name + ".sharp")));
      System.out.println(told + ", jpeg-js " + apart(ours, Files.readAllBytes(Path.of(name + ".jpegjs"))));
      seen.add(told);
    }
    boolean same = seen.equals(List.of("444: mean levels apart from OpenCV: ImageIO 82, with TwelveMonkeys 0, sharp 0",
        "420: mean levels apart from OpenCV: ImageIO 0, with TwelveMonkeys 0, sharp 0"));
    System.out.println(same ? "ok: still so" : "changed: the decoders agree, or differ otherwise");
    System.exit(same ? 0 : 1);
  }
}
END

node make.js
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
