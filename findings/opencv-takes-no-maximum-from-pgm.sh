#!/usr/bin/env bash
# Guess: a PGM or PPM (GTSRB's format, and a sensor's dump) is scaled by the maximum in its header: in a file
#        with maximum 1023, as a camera of 10 bits writes, 1023 is white.
# So is: OpenCV does not look at it: a white of 1023 is 3 with IMREAD_COLOR (16 bits are divided by 256), so
#        the picture is black, and 100 of 100 is 100. ffmpeg and TwelveMonkeys scale both.
# With:  OpenCV 4.13.0 (org.bytedeco 4.13.0-1.5.13), com.twelvemonkeys.imageio:imageio-pnm 3.12.0,
#        ffmpeg 8.0.1 (org.bytedeco 8.0.1-1.5.13).
# So:    frames made of such files are dark or black for the network, with no error. Scale to 8 bits when data
#        sets are prepared; GTSRB's own files have 255.
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
  <dependency><groupId>com.twelvemonkeys.imageio</groupId><artifactId>imageio-pnm</artifactId><version>3.12.0</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import static org.bytedeco.opencv.global.opencv_imgcodecs.*;

import java.io.*;
import java.nio.file.*;
import java.util.*;
import javax.imageio.*;
import javax.imageio.stream.ImageInputStream;
import org.bytedeco.opencv.opencv_core.Mat;

public class Finding {
  public static void main(String[] args) throws Exception {
    Files.write(Path.of("100.pgm"), new byte[] {'P', '5', '\n', '2', ' ', '1', '\n', '1', '0', '0', '\n', 0, 100});
    Files.write(Path.of("1023.pgm"), new byte[] {'P', '5', '\n', '2', ' ', '1', '\n', '1', '0', '2', '3', '\n', 0, 0, 3, (byte) 255});
    Map<String, String> seen = new TreeMap<>();
    for (String file : List.of("100.pgm", "1023.pgm")) {
      Mat image = imread(file, IMREAD_COLOR);
      seen.put("OpenCV " + file, "" + (image.ptr(0, 1).get() & 255));
      for (Iterator<ImageReader> readers = ImageIO.getImageReadersBySuffix("pgm"); readers.hasNext(); ) {
        ImageReader reader = readers.next();
        try (ImageInputStream in = ImageIO.createImageInputStream(new File(file))) {
          reader.setInput(in);
          var raster = reader.read(0).getRaster();
          int white = raster.getSample(1, 0, 0);
          seen.put("TwelveMonkeys " + file,
              "" + (raster.getSampleModel().getSampleSize(0) == 16 ? white >> 8 : white));
        }
      }
      Process ffmpeg = new ProcessBuilder("bin/ffmpeg", "-nostdin", "-v", "error", "-i", file, "-f", "rawvideo", "-pix_fmt", "gray", "-").start();
      seen.put("ffmpeg " + file, "" + (ffmpeg.getInputStream().readAllBytes()[1] & 255));
    }
    seen.forEach((who, white) -> System.out.println(who + ": white is " + white));
    boolean same = seen.equals(Map.of("OpenCV 100.pgm", "100", "OpenCV 1023.pgm", "3", "TwelveMonkeys 100.pgm", "255", "TwelveMonkeys 1023.pgm", "255", "ffmpeg 100.pgm", "255", "ffmpeg 1023.pgm", "255"));
    System.out.println(same ? "ok: still so" : "changed: others scale");
    System.exit(same ? 0 : 1);
  }
}
END

jar=$(tr ':' '\n' < classpath | grep 'ffmpeg-8.*linux-x86_64.jar')
mkdir bin && (cd bin && jar xf "$jar" && mv org/bytedeco/ffmpeg/linux-x86_64/* . && chmod +x ffmpeg)
LD_LIBRARY_PATH="$work/bin" java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
