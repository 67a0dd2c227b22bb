#!/usr/bin/env bash
# Guess: "ffmpeg -i clip.mp4 frame%03d.png" writes the frames of the clip, one file each.
# So is: writing images (and MJPEG over HTTP) counts as constant rate: a camera that sent 10 frames in
#        a second and then one a second has 13 frames and gives 31 images; the gaps are filled with
#        copies. Nothing is said. Into .mkv or to `-f null` it is 13; -fps_mode passthrough keeps 13.
# With:  ffmpeg 8.0.1 (org.bytedeco:ffmpeg 8.0.1-1.5.13).
#        https://ffmpeg.org/ffmpeg.html (-fps_mode)
# So:    data sets and replays made this way hold copies: accuracy and exit shares count still scenes
#        many times, and split copies between training and test. Use -fps_mode passthrough.
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
mkdir bin && (cd bin && jar xf "$jar" && mv org/bytedeco/ffmpeg/linux-x86_64/* . && chmod +x ffmpeg ffprobe)
ffmpeg() { LD_LIBRARY_PATH="$work/bin" "$work/bin/ffmpeg" -nostdin -v error -y "$@"; }
ffprobe() { LD_LIBRARY_PATH="$work/bin" "$work/bin/ffprobe" -v error "$@"; }
ffprobe -show_program_version -of default=nw=1 | grep ^version

ffmpeg -f lavfi -i testsrc2=s=64x48:r=10:d=4 -vf "select='lt(t,1)+not(mod(n,10))'" -fps_mode vfr -c:v mpeg4 clip.mp4
decoded=$(ffprobe -count_frames -show_entries stream=nb_read_frames -of default=nk=1:nw=1 clip.mp4)
ffmpeg -i clip.mp4 plain%03d.png
ffmpeg -i clip.mp4 -fps_mode passthrough exact%03d.png
ffmpeg -i clip.mp4 -c:v mjpeg -f mpjpeg camera.mpjpeg
count() { ls | grep -c "^$1"; }
parts=$(grep -a -c '^Content-length' camera.mpjpeg)
echo "frames in the clip $decoded, images $(count plain), passthrough $(count exact), MJPEG parts $parts"
copies=$(md5sum plain*.png | cut -d' ' -f1 | sort | uniq -d | wc -l)
echo "images that occur more than once: $copies"
if [ "$decoded $(count plain) $(count exact)" = "13 31 13" ] && [ "$parts" -gt 25 ] && [ "$copies" -gt 0 ]
then echo "ok: still so"; else echo "changed: images are no longer padded"; exit 1; fi
