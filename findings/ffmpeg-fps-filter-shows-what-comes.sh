#!/usr/bin/env bash
# Guess: with -vf fps=1 the n-th picture shows second n: that frame, or the newest one before it.
# So is: it shows what came up to half a period later: picture 0 is the frame of 0.48 s, and with
#        round=down that of 0.96 s. With the output option -r 1 in its place there are six pictures of
#        four seconds, which show 0, 0.04, 0.88, 1.88, 2.88 and 3.88 s.
# With:  ffmpeg 8.0.1 (org.bytedeco:ffmpeg 8.0.1-1.5.13).
# So:    pictures that ffmpeg samples are not of the times that their numbers say; an event seems to
#        come before its cause, by half a period. Take times from the frames (select='...' with
#        -fps_mode passthrough), or sample with `./boostnet camera`, which keeps them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.bytedeco</groupId><artifactId>ffmpeg</artifactId><version>8.0.1-1.5.13</version></dependency>
  <dependency><groupId>org.bytedeco</groupId><artifactId>ffmpeg</artifactId><version>8.0.1-1.5.13</version><classifier>linux-x86_64</classifier></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

jar=$(tr ':' '\n' < classpath | grep 'ffmpeg-8.*linux-x86_64.jar')
mkdir bin && (cd bin && jar xf "$jar" && mv org/bytedeco/ffmpeg/linux-x86_64/* . && chmod +x ffmpeg)
ffmpeg() { LD_LIBRARY_PATH="$work/bin" "$work/bin/ffmpeg" "$@"; }
ffmpeg -version | head -n 1

# Numbers of the frames shown, of 4 s at 25 frames a second in which the grey level is the frame's number.
shown() { # filter after it, output options
  ffmpeg -nostdin -v error -f lavfi -i color=gray:s=16x16:r=25:d=4 \
    -vf "format=gray,geq=lum='N'${1:+,$1},crop=1:1" ${2:-} -f rawvideo - | od -An -v -tu1 | xargs
}
near=$(shown fps=1) down=$(shown fps=1:round=down) option=$(shown '' '-r 1')
exact=$(shown "select='not(mod(n,25))'" '-fps_mode passthrough')
echo "fps=1: frames $near; round=down: $down; -r 1: $option; select: $exact"
if [ "$near|$down|$option|$exact" = "12 37 62 87|24 49 74 99|0 1 22 47 72 97|0 25 50 75" ]; then
  echo "ok: still so"
else
  echo "changed: other frames are shown"
  exit 1
fi
