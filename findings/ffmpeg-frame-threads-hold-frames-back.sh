#!/usr/bin/env bash
# Guess: the number of decoder threads changes how fast frames come, not when: a packet in, its frame
#        out (no B-frames here).
# So is: with frame threads (the default kind where a codec has both) n threads hold n - 1 frames
#        back. With 8 the first frame comes with packet 8; at 5 frames a second that is 1.4 s late for
#        ever, and a clip of 5 frames gives nothing until the decoder is drained. Slice threads, or
#        one thread, give each frame at once.
# With:  org.bytedeco:ffmpeg 8.0.1-1.5.13, H.264 made with libopenh264.
# So:    live cameras: slice threads (thread_type 2) or one thread a camera; files: always drain the
#        decoder (send a null packet) or the last frames are lost.
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

cat > Finding.java <<'END'
import static org.bytedeco.ffmpeg.global.avcodec.*;
import static org.bytedeco.ffmpeg.global.avformat.*;
import static org.bytedeco.ffmpeg.global.avutil.*;

import org.bytedeco.ffmpeg.avcodec.*;
import org.bytedeco.ffmpeg.avformat.*;
import org.bytedeco.ffmpeg.avutil.*;
import org.bytedeco.javacpp.PointerPointer;

public class Finding {
  static String decode(String file, int threads, int kind) {
    AVFormatContext format = new AVFormatContext(null);
    avformat_open_input(format, file, null, null);
    avformat_find_stream_info(format, (PointerPointer<?>) null);
    AVCodecParameters parameters = format.streams(0).codecpar();
    AVCodec codec = avcodec_find_decoder(parameters.codec_id());
    AVCodecContext decoder = avcodec_alloc_context3(codec);
    avcodec_parameters_to_context(decoder, parameters);
    decoder.thread_count(threads);
    decoder.thread_type(kind);
    avcodec_open2(decoder, codec, (AVDictionary) null);
    AVPacket packet = av_packet_alloc();
    AVFrame frame = av_frame_alloc();
    int sent = 0, got = 0, first = 0;
    while (av_read_frame(format, packet) >= 0) {
      avcodec_send_packet(decoder, packet);
      av_packet_unref(packet);
      sent++;
      while (avcodec_receive_frame(decoder, frame) >= 0) if (got++ == 0) first = sent;
    }
    int before = got;
    avcodec_send_packet(decoder, (AVPacket) null);
    while (avcodec_receive_frame(decoder, frame) >= 0) got++;
    avcodec_free_context(decoder);
    avformat_close_input(format);
    String seen = "first frame with packet " + first + ", " + before + " before draining, " + got + " in all";
    System.out.printf("%-9s %d %s thread(s): %s%n", file, threads, kind == 1 ? "frame" : "slice", seen);
    return seen;
  }

  public static void main(String[] args) {
    boolean same = decode("long.mp4", 1, 1).equals("first frame with packet 1, 40 before draining, 40 in all")
        & decode("long.mp4", 8, 2).equals("first frame with packet 1, 40 before draining, 40 in all")
        & decode("long.mp4", 8, 1).equals("first frame with packet 8, 33 before draining, 40 in all")
        & decode("short.mp4", 8, 1).equals("first frame with packet 0, 0 before draining, 5 in all");
    System.out.println(same ? "ok: still so" : "changed: frame threads hold back another number of frames");
    System.exit(same ? 0 : 1);
  }
}
END

ffmpeg -f lavfi -i testsrc2=s=320x240:r=10:d=4 -c:v libopenh264 -g 25 long.mp4
ffmpeg -f lavfi -i testsrc2=s=320x240:r=10:d=0.5 -c:v libopenh264 short.mp4
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
