#!/usr/bin/env bash
# Guess: a phone's video that stands upright as a file stands upright when it is sent on by RTSP without
#        encoding (-c copy).
# So is: the turn stands in the file's display matrix, which RTP does not carry: the file is 240 x 320
#        upright for every player, the same packets arrive as 320 x 240 on their side, without a word.
#        Encoded again instead of copied, they arrive upright.
# With:  ffmpeg 8.0.1 (org.bytedeco:ffmpeg 8.0.1-1.5.13), sender and receiver, H.264 by libopenh264.
# So:    a network trained on files sees the stream turned, and nothing tells. Look at one picture of each
#        input (camera --snapshot); turn at the sender.
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

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
ffmpeg -f lavfi -i testsrc2=s=320x240:r=5:d=3 -c:v libopenh264 -g 5 lying.mp4
ffmpeg -display_rotation 90 -i lying.mp4 -c copy phone.mp4
arrives() {  # arrives OPTION...: sizes and turns in which phone.mp4 comes by RTSP
  timeout 20 env LD_LIBRARY_PATH="$work/bin" bin/ffprobe -v quiet -rtsp_flags listen -show_entries frame=width,height:frame_side_data=rotation \
    -of csv=p=0:s=x "rtsp://127.0.0.1:$port/phone" > got & receiver=$!
  for try in $(seq 100); do grep -qi ":$(printf %04X "$port") .* 0A " /proc/net/tcp && break; sleep 0.1; done
  ffmpeg -re -i phone.mp4 "$@" -f rtsp -rtsp_transport tcp "rtsp://127.0.0.1:$port/phone" 2> send.log
  wait $receiver || true
  sort -u got | tr '\n' ' '
}
ffmpeg -i phone.mp4 -frames:v 1 -update 1 file.png
file=$(ffprobe -show_entries stream=width,height -of csv=p=0:s=x file.png); echo "as a file, shown:    $file"
copied=$(arrives -c copy); echo "by RTSP, copied:     $copied"
port=$((port + 1))
encoded=$(arrives -c:v libopenh264 -g 5); echo "by RTSP, encoded:    $encoded"
if [ "$file $copied$encoded" = "240x320 320x240 240x320 " ]
then echo "ok: still so"; else echo "changed: the turn travels, or the file has none"; exit 1; fi
