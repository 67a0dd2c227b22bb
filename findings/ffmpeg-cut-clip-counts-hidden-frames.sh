#!/usr/bin/env bash
# Guess: nb_frames of an MP4 is the number of frames that a decoder gives, and counting packets
#        (ffprobe -count_packets) is the safe way to check it.
# So is: a clip cut without encoding (-ss 1.2 -c copy) keeps everything from the key frame on and hides
#        the lead-in by an edit list. nb_frames and the count of packets say 40, the decoder gives 28;
#        with -ignore_editlist 1, which many players and readers do, it is 40 with other times.
# With:  ffmpeg 8.0.1 (org.bytedeco:ffmpeg 8.0.1-1.5.13), libopenh264.
# So:    a count of lost frames against nb_frames accuses the reader, and labels by frame number
#        shift. Count what is decoded; number frames by their time.
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

ffmpeg -f lavfi -i testsrc2=s=320x240:r=10:d=4 -c:v libopenh264 -g 25 whole.mp4
ffmpeg -ss 1.2 -i whole.mp4 -c copy cut.mp4
ask() { ffprobe "$@" -of default=nk=1:nw=1 cut.mp4; }
stated=$(ask -show_entries stream=nb_frames) packets=$(ask -count_packets -show_entries stream=nb_read_packets)
decoded=$(ask -count_frames -show_entries stream=nb_read_frames) whole=$(ask -ignore_editlist 1 -count_frames -show_entries stream=nb_read_frames)
echo "nb_frames $stated, packets $packets, decoded $decoded, decoded without the edit list $whole, duration $(ask -show_entries stream=duration) s"
if [ "$stated $packets $decoded $whole" = "40 40 28 40" ]; then echo "ok: still so"; else echo "changed: the counts agree more, or less"; exit 1; fi
