#!/usr/bin/env bash
# Guess: decoders that stand on the same library treat a JPEG with two stray bytes between two header
#        segments alike: a warning and the whole picture, or an error.
# So is: OpenCV, ImageIO and ffmpeg read it, every pixel as in the clean file. sharp, on a
#        library of the same family, refuses it, since it fails on warnings unless failOn says otherwise;
#        jpeg-js refuses it too.
# With:  OpenCV 4.13.0 and ffmpeg 8.0.1 (org.bytedeco 1.5.13), JDK 17, sharp 0.35.5, jpeg-js 0.4.4.
# So:    a data set prepared in Node lacks frames that serving classifies. Such frames are decoded and counted
#        here; in sharp set failOn: 'error'.
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
  <dependency><groupId>org.bytedeco</groupId><artifactId>ffmpeg</artifactId><version>8.0.1-1.5.13</version></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>ffmpeg</artifactId><version>8.0.1-1.5.13</version><classifier>linux-x86_64</classifier></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

jar=$(tr ':' '\n' < classpath | grep 'ffmpeg-8.*linux-x86_64.jar')
mkdir bin && (cd bin && jar xf "$jar" && mv org/bytedeco/ffmpeg/linux-x86_64/* . && chmod +x ffmpeg ffprobe)
ffmpeg() { LD_LIBRARY_PATH="$work/bin" "$work/bin/ffmpeg" -nostdin -v error -y "$@"; }
ffprobe() { LD_LIBRARY_PATH="$work/bin" "$work/bin/ffprobe" -v error "$@"; }
ffprobe -show_program_version -of default=nw=1 | grep ^version

cat > make.js <<'END'
const sharp = require('sharp'), fs = require('fs');
(async () => {
  const clean = await sharp({create: {width: 64, height: 48, channels: 3, background: '#c08040'}}).jpeg().toBuffer();
  const at = clean.indexOf(Buffer.from([0xff, 0xc0])); // before the frame header
  fs.writeFileSync('clean.jpg', clean);
  fs.writeFileSync('stray.jpg', Buffer.concat([clean.subarray(0, at), Buffer.from([0, 0]), clean.subarray(at)]));
})();
END

cat > read.js <<'END'
const sharp = require('sharp'), jpegjs = require('jpeg-js'), fs = require('fs');
(async () => {
  const tried = async (name, read) => { try { await read(); console.log(name + ': read'); } catch (e) { console.log(name + ': refused'); } };
  await tried('sharp', () => sharp('stray.jpg').raw().toBuffer());
  await tried("sharp, failOn: 'error'", () => sharp('stray.jpg', {failOn: 'error'}).raw().toBuffer());
  await tried('jpeg-js', () => jpegjs.decode(fs.readFileSync('stray.jpg')));
})();
END

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_core.*;
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;

import java.awt.image.BufferedImage;
import java.io.File;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  public static void main(String[] args) throws Exception {
    try (Mat stray = imread("stray.jpg", IMREAD_COLOR); Mat clean = imread("clean.jpg", IMREAD_COLOR)) {
      System.out.println("OpenCV: " + (!stray.empty() && norm(stray, clean) == 0 ? "read, equal" : "refused"));
    }
    BufferedImage stray = ImageIO.read(new File("stray.jpg")), clean = ImageIO.read(new File("clean.jpg"));
    System.out.println("ImageIO: " + (Arrays.equals(stray.getRGB(0, 0, 64, 48, null, 0, 64), clean.getRGB(0, 0, 64, 48, null, 0, 64)) ? "read, equal" : "read, not equal"));
  }
}
END

npm install --silent --no-fund --no-audit sharp@0.35.5 jpeg-js@0.4.4
node make.js
for file in clean stray; do ffmpeg -i $file.jpg -f rawvideo -pix_fmt rgb24 $file.rgb 2> ffmpeg.log; done
{ java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java 2> native.log
  cmp -s clean.rgb stray.rgb && echo "ffmpeg: read, equal" || echo "ffmpeg: refused or not equal"
  node read.js; } | tee seen
cat > expected <<'END'
OpenCV: read, equal
ImageIO: read, equal
ffmpeg: read, equal
sharp: refused
sharp, failOn: 'error': read
jpeg-js: refused
END
if diff expected seen; then echo "ok: still so"; else echo "changed: other readers take it"; exit 1; fi
