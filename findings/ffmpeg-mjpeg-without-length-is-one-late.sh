#!/usr/bin/env bash
# Guess: a frame of an MJPEG camera over HTTP is there when its last byte is: a JPEG says where it ends.
# So is: where its part has no Content-Length, ffmpeg reads on to the next part's boundary: the newest
#        frame of a camera is the one before, for as long as no other comes. Of 5 frames of a camera
#        that then falls silent 4 are seen; with Content-Length all 5.
# With:  ffmpeg 8.0.1 (org.bytedeco:ffmpeg 8.0.1-1.5.13), a camera of 15 lines.
# So:    what is stamped on arrival is stamped a frame late, and a camera that sends when something
#        moves shows the move when it is over. Have the camera send Content-Length.
set -euo pipefail
work=$(mktemp -d)
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$work"' EXIT
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
LD_LIBRARY_PATH="$work/bin" bin/ffprobe -v error -show_program_version -of default=nw=1 | grep ^version

ffmpeg -f lavfi -i testsrc2=s=320x240:r=5:d=1 %d.jpg
cat > camera.py <<'PY'
import socket, sys, time
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1)
print(listener.getsockname()[1], flush=True)
client, _ = listener.accept()
client.recv(4096)
client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=cut\r\n\r\n")
for i in range(1, 6):
    jpeg = open(f"{i}.jpg", "rb").read()
    length = b"Content-Length: %d\r\n" % len(jpeg) if sys.argv[1] == "length" else b""
    client.sendall(b"--cut\r\nContent-Type: image/jpeg\r\n" + length + b"\r\n" + jpeg + b"\r\n")
    time.sleep(0.2)
time.sleep(60)
PY
seen() {  # seen STYLE: frames that came by the time that nothing follows
  python3 camera.py "$1" > port & camera=$!
  for try in $(seq 100); do [ -s port ] && break; sleep 0.1; done
  : > got
  ffmpeg -i "http://127.0.0.1:$(cat port)/" -c copy -flush_packets 1 -f framecrc got 2> /dev/null & reader=$!
  before=-1; now=0
  for try in $(seq 20); do  # until none came for 4 seconds
    sleep 4; now=$(grep -vc '^#' got || true)
    [ "$now" -gt 0 ] && [ "$now" = "$before" ] && break
    before=$now
  done
  kill $reader $camera; wait $reader $camera 2> /dev/null || true
  rm port; echo "$now"
}
length=$(seen length); echo "5 frames with Content-Length, then silence:    $length seen"
none=$(seen none); echo "5 frames without it, then silence:             $none seen"
if [ "$length $none" = "5 4" ]; then echo "ok: still so"; else echo "changed: $length and $none of 5"; exit 1; fi
