#!/usr/bin/env bash
# Guess: mpdecimate, which drops frames that do not differ from the last one kept, sees a change of
#        a whole 8 x 8 block wherever in the picture that is.
# So is: the left 8 columns are never compared: a lamp there may go on and off for ever. A picture
#        less than 16 pixels wide has nothing else, so that of a small crop only the first frame is
#        kept, whatever it shows.
# With:  ffmpeg 8.0.1 with GPL parts (org.bytedeco:ffmpeg 8.0.1-1.5.13, linux-x86_64-gpl).
# So:    where ffmpeg stands before the topic and drops what did not change, crop zones wider, or
#        pad 8 columns on the left. `inference.unchanged` compares every block.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.bytedeco</groupId><artifactId>ffmpeg</artifactId><version>8.0.1-1.5.13</version></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>ffmpeg</artifactId><version>8.0.1-1.5.13</version><classifier>linux-x86_64-gpl</classifier></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

jar=$(tr ':' '\n' < classpath | grep 'ffmpeg-8.*linux-x86_64-gpl.jar')
mkdir bin && (cd bin && jar xf "$jar" && mv org/bytedeco/ffmpeg/linux-x86_64-gpl/* . && chmod +x ffmpeg)
ffmpeg() { LD_LIBRARY_PATH="$work/bin" "$work/bin/ffmpeg" "$@"; }
ffmpeg -version | head -n 1

# Frames kept of 4 s of grey, in which a box of WIDTH x HEIGHT at column X is white in every other second.
kept() { # picture's width and height, X, WIDTH, HEIGHT
  ffmpeg -nostdin -v error -f lavfi -i "color=gray:s=$1x$2:r=10:d=4" \
    -vf "format=gray,drawbox=x=$3:y=0:w=$4:h=$5:color=white:t=fill:enable='gte(t,1)*lt(t,2)+gte(t,3)',mpdecimate" \
    -f framecrc - | grep -vc '^#'
}
inside=$(kept 64 64 32 8 8) left=$(kept 64 64 0 8 64) ninth=$(kept 64 64 1 8 64)
narrow=$(kept 15 64 0 15 64) wide=$(kept 16 64 0 16 64)
echo "frames kept of 40, with 3 changes: an 8 x 8 box inside $inside; the left 8 columns, whole, $left; columns 1 to 8, $ninth"
echo "the whole picture changes: 15 pixels wide $narrow, 16 pixels wide $wide"
if [ "$inside $left $ninth $narrow $wide" = "4 1 4 1 4" ]; then echo "ok: still so"; else echo "changed: the left edge is compared, or more is left out"; exit 1; fi
