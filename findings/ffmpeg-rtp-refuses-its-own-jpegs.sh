#!/usr/bin/env bash
# Guess: "ffmpeg -c:v mjpeg -f rtp" (or rtsp) sends MJPEG: what its encoder makes, its packetizer takes.
# So is: the encoder makes Huffman tables of its own for every picture (-huffman optimal, the default),
#        and RTP cannot carry them (RFC 2435 fixes them). Every picture is refused with one line in the
#        log, nothing is sent, and the program ends with exit code 0. With -huffman default they arrive.
# With:  ffmpeg 8.0.1 (org.bytedeco:ffmpeg 8.0.1-1.5.13), sender and receiver.
#        https://www.rfc-editor.org/rfc/rfc2435 (3.1.3, appendix B)
# So:    a stand-in camera that "runs" and shows nothing: the receiver waits, and its silence is what has
#        to be watched (stallSeconds). MJPEG by RTSP needs -huffman default.
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
sent() {  # sent HUFFMAN: pictures that arrive within 3 s, and how the sender ended
  ffmpeg -re -f lavfi -i testsrc2=s=320x240:r=5:d=4 -c:v mjpeg -huffman "$1" -f rtp -sdp_file "$1.sdp" "rtp://127.0.0.1:$port" 2> "$1.log" & sender=$!
  for try in $(seq 50); do [ -s "$1.sdp" ] && break; sleep 0.1; done
  timeout 7 env LD_LIBRARY_PATH="$work/bin" bin/ffprobe -v quiet -protocol_whitelist file,udp,rtp -analyzeduration 2000000 \
    -show_entries frame=width -of csv=p=0 -read_intervals %+3 "$1.sdp" > got || true
  local code=0; wait $sender || code=$?
  echo "$(grep -c . got || true) arrived, exit code $code, $(grep -c 'standard Huffman' "$1.log" || true) kinds of complaint"
}
optimal=$(sent optimal); echo "-huffman optimal (default): $optimal"
standard=$(sent default); echo "-huffman default:           $standard"
if [ "$optimal" = "0 arrived, exit code 0, 1 kinds of complaint" ] && [ "${standard%% *}" -gt 5 ]
then echo "ok: still so"; else echo "changed: MJPEG by RTP is sent, or fails loudly"; exit 1; fi
