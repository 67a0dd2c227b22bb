#!/usr/bin/env bash
# Guess: a frame of a camera with oblong pixels (analog and many DVR streams: 352 x 576 for a 4:3 picture)
#        that ffmpeg saves as JPEG has the shape that players show, or readers give it that.
# So is: the JPEG has 352 x 576 pixels and tells their sides in its JFIF density (24 : 11). ffmpeg reads
#        that; OpenCV and ImageIO's picture have 352 x 576 as if pixels were square: everything is half
#        as wide as on the screen.
# With:  ffmpeg 8.0.1 (org.bytedeco:ffmpeg 8.0.1-1.5.13), OpenCV 4.13.0 (1.5.13), JDK 17.
#        https://www.w3.org/Graphics/JPEG/jfif3.pdf (Units, Xdensity, Ydensity)
# So:    training images saved that way are narrow, frames taken by the decoder with square pixels are not.
#        Save with -vf scale=iw*sar:ih,setsar=1. Cameras here are given square pixels; a JPEG is taken as
#        it is, as its density is as often wrong.
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

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;

import java.awt.image.BufferedImage;
import java.io.File;
import javax.imageio.ImageIO;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  public static void main(String[] args) throws Exception {
    try (Mat mat = imread("camera.jpg", IMREAD_COLOR)) {
      System.out.println("OpenCV: " + mat.cols() + "x" + mat.rows());
    }
    BufferedImage image = ImageIO.read(new File("camera.jpg"));
    System.out.println("ImageIO: " + image.getWidth() + "x" + image.getHeight());
  }
}
END

ffmpeg -f lavfi -i testsrc2=s=352x576:r=5:d=0.2,setsar=24/11 -c:v mpeg4 camera.mp4
ffmpeg -i camera.mp4 -frames:v 1 -update 1 camera.jpg
{ echo "ffmpeg: $(ffprobe -show_entries stream=width,height,sample_aspect_ratio,display_aspect_ratio -of default=nk=1:nw=1 camera.jpg | tr '\n' ' ')"
  java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java 2> native.log; } | tee seen
cat > expected <<'END'
ffmpeg: 352 576 24:11 4:3 
OpenCV: 352x576
ImageIO: 352x576
END
if diff expected seen; then echo "ok: still so"; else echo "changed: readers give the picture its shape"; exit 1; fi
