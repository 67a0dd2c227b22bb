#!/usr/bin/env bash
# Guess: MJPEG by RTP arrives in the size that was sent, or is refused: RFC 2435 has room for 2,040
#        pixels along a side.
# So is: a picture of 2560 x 1920 is sent without a word, and arrives as 512 x 1920: the width, in blocks
#        of 8, is cut to one byte (320 becomes 64). The receiver decodes it without an error.
# With:  ffmpeg 8.0.1 (org.bytedeco:ffmpeg 8.0.1-1.5.13), sender and receiver.
#        https://www.rfc-editor.org/rfc/rfc2435 (3.1.5 Width)
# So:    frames of nonsense that look sound to every check, classified with some class. Cameras over 2,040
#        pixels: H.264 by RTSP, or MJPEG over HTTP. (ONVIF has an extension for it, which ffmpeg does not
#        write.)
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

port=$(python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1] & ~1)')
size() {  # size WIDTHxHEIGHT: the sizes in which it arrives
  ffmpeg -re -f lavfi -i "testsrc2=s=$1:r=5:d=4" -c:v mjpeg -huffman default -f rtp -sdp_file "$1.sdp" "rtp://127.0.0.1:$port" 2> "$1.log" & sender=$!
  for try in $(seq 50); do [ -s "$1.sdp" ] && break; sleep 0.1; done
  timeout 7 env LD_LIBRARY_PATH="$work/bin" bin/ffprobe -v quiet -protocol_whitelist file,udp,rtp -analyzeduration 2000000 \
    -show_entries frame=width,height -of csv=p=0:s=x -read_intervals %+3 "$1.sdp" | sort -u | tr '\n' ' ' || true
  wait $sender
}
small=$(size 640x480); echo "640x480 arrives as $small"
wide=$(size 2560x1920); echo "2560x1920 arrives as $wide"
complaints=$(grep -cv quantization 2560x1920.log || true); echo "complaints of the sender: $complaints"
if [ "$small$wide" = "640x480 512x1920 " ] && [ "$complaints" = 0 ]
then echo "ok: still so"; else echo "changed: wide pictures keep their size, or are refused"; exit 1; fi
