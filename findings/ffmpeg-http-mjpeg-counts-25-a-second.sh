#!/usr/bin/env bash
# Guess: frames of an MJPEG camera over HTTP (multipart/x-mixed-replace) get the time at which they
#        came, or none: the stream carries no times.
# So is: the mpjpeg demuxer numbers them at 25 a second, whatever the camera does. Six seconds of a
#        camera with 5 frames a second claim to last 1.16 seconds: a clock that runs five times too
#        slow, and stands still with the camera. With -use_wallclock_as_timestamps 1 it is right.
# With:  ffmpeg 8.0.1 (org.bytedeco:ffmpeg 8.0.1-1.5.13), server and client.
# So:    event times of such a camera are wrong for every window, and anything that takes arrivals from
#        timestamps (the needed rate of keep-up) sees 25 frames/s. Set the option, or stamp on arrival.
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
watch() {  # watch OPTION...: serves 30 frames in 6 seconds, prints the first and the last time seen and their distance
  ffmpeg -re -f lavfi -i testsrc2=s=64x48:r=5:d=6 -c:v mjpeg -f mpjpeg -listen 1 "http://127.0.0.1:$port/" 2> server.log & server=$!
  for try in $(seq 100); do grep -qi ":$(printf %04X "$port") .* 0A " /proc/net/tcp && break; sleep 0.1; done
  ffprobe "$@" -show_entries frame=pts_time -of default=nk=1:nw=1 "http://127.0.0.1:$port/" > times || true
  wait $server || true
  awk 'NR == 1 { first = $1 } { last = $1 } END { printf "%d frames, %.2f s from first to last\n", NR, last - first }' times
}
echo "a camera with 5 frames a second, 6 seconds:"
stated=$(watch); echo "as it is:    $stated"
clock=$(watch -use_wallclock_as_timestamps 1); echo "wall clock:  $clock"
if [ "$stated" = "30 frames, 1.16 s from first to last" ] && awk -v "s=$(cut -d' ' -f3 <<<"$clock")" 'BEGIN { exit !(s > 4.5) }'
then echo "ok: still so"; else echo "changed: MJPEG over HTTP has other times"; exit 1; fi
