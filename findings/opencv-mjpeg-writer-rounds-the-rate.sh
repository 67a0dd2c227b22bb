#!/usr/bin/env bash
# Guess: VideoWriter keeps the rate that it is given, as a fraction, which AVI has room for.
# So is: the MJPEG writer that OpenCV brings rounds it to a whole number, and says nothing: 29.97
#        becomes 30, 12.5 becomes 12, and isOpened() is true. Below 1 it refuses.
# With:  org.bytedeco:opencv 4.13.0-1.5.13 (CAP_OPENCV_MJPEG, which needs no ffmpeg).
# So:    times of such a file run wrong by the fraction: at 12.5 an hour of pictures lasts 62.5 minutes,
#        and labels by time slip off their pictures. Write whole rates, and keep the times beside.
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

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_videoio.CAP_OPENCV_MJPEG;
import static org.bytedeco.opencv.global.opencv_videoio.CAP_PROP_FPS;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.*;
import org.bytedeco.opencv.opencv_videoio.*;

public class Finding {
  static String written(double rate) throws Exception {
    Path file = Path.of("rate-" + rate + ".avi");
    byte m = 'M', j = 'J', p = 'P', g = 'G';
    boolean opened;
    try (VideoWriter writer = new VideoWriter();
        Mat picture = new Mat(48, 64, CV_8UC3, new Scalar(90, 120, 200, 0))) {
      opened = writer.open(file.toString(), CAP_OPENCV_MJPEG, VideoWriter.fourcc(m, j, p, g), rate, new Size(64, 48), true);
      for (int i = 0; opened && i < 10; i++) writer.write(picture);
      writer.release();
    }
    if (!opened) return "refused";
    byte[] avi = Files.readAllBytes(file);
    int header = new String(avi, StandardCharsets.ISO_8859_1).indexOf("strh") + 8;
    ByteBuffer ints = ByteBuffer.wrap(avi).order(ByteOrder.LITTLE_ENDIAN);
    try (VideoCapture reader = new VideoCapture(file.toString(), CAP_OPENCV_MJPEG)) {
      return ints.getInt(header + 24) + "/" + ints.getInt(header + 20) + ", read as " + reader.get(CAP_PROP_FPS);
    }
  }

  public static void main(String[] args) throws Exception {
    System.out.println("OpenCV " + opencv_core.CV_VERSION());
    List<String> seen = new ArrayList<>();
    for (double rate : new double[] {25, 29.97, 12.5, 0.5}) {
      seen.add(written(rate));
      System.out.println("asked for " + rate + ": " + seen.get(seen.size() - 1));
    }
    boolean same = seen.equals(List.of("25/1, read as 25.0", "30/1, read as 30.0", "12/1, read as 12.0", "refused"));
    System.out.println(same ? "ok: still so" : "changed: the rate is kept, or refused");
    System.exit(same ? 0 : 1);
  }
}
END
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java 2> log || { cat log; exit 1; }
