#!/usr/bin/env bash
# Guess: OpenCV opens an H.264 MP4, or says what is missing.
# So is: the build of bytedeco has no ffmpeg or GStreamer behind videoio: VideoCapture of an MP4 is
#        closed and says nothing, just as for a file that does not exist (only with
#        setExceptionMode(true) does it throw, the same sentence for both). MJPEG in AVI is read, since
#        OpenCV brings that itself: a test with such a file proves nothing for cameras.
# With:  org.bytedeco:opencv 4.13.0-1.5.13; clips made with org.bytedeco:ffmpeg 8.0.1-1.5.13.
# So:    video is read with ffmpeg's own API; check isOpened() wherever VideoCapture is used.
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
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_videoio.VideoCapture;

public class Finding {
  static String open(String file) {
    int frames = 0;
    String thrown = "";
    try (VideoCapture capture = new VideoCapture(file); Mat image = new Mat()) {
      while (capture.read(image)) frames++;
      boolean opened = capture.isOpened();
      capture.setExceptionMode(true);
      try {
        capture.open(file);
      } catch (RuntimeException e) {
        thrown = e.getMessage().replaceAll("(?s).*(could not open).*", "$1");
      }
      String seen = (opened ? "open" : "closed") + ", " + frames + " frames, in exception mode: " + (thrown.isEmpty() ? "no exception" : thrown);
      System.out.println(file + ": " + seen);
      return seen;
    }
  }

  public static void main(String[] args) {
    System.out.println("OpenCV " + opencv_core.CV_VERSION());
    boolean same = open("clip.mp4").equals("closed, 0 frames, in exception mode: could not open")
        & open("missing.mp4").equals("closed, 0 frames, in exception mode: could not open")
        & open("clip.avi").equals("open, 10 frames, in exception mode: no exception");
    System.out.println(same ? "ok: still so" : "changed: MP4 opens, or says why not");
    System.exit(same ? 0 : 1);
  }
}
END

ffmpeg -f lavfi -i testsrc2=s=320x240:r=10:d=1 -c:v libopenh264 clip.mp4
ffmpeg -i clip.mp4 -c:v mjpeg -q:v 2 clip.avi
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
