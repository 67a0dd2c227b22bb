#!/usr/bin/env bash
# Guess: a decoded frame says that it is BT.709, so sws_scale to RGB uses BT.709, as the ffmpeg program
#        does.
# So is: sws_getContext + sws_scale, which is what most examples show, take BT.601 for every frame:
#        a 720p picture of (32, 192, 64) comes out as (43, 213, 65), 25 levels from the (31, 188, 61)
#        of the ffmpeg program and of sws_scale_frame, or of sws_setColorspaceDetails with the frame's
#        own matrix.
# With:  org.bytedeco:ffmpeg 8.0.1-1.5.13, H.264 tagged bt709, 1280 x 720.
# So:    every HD camera is decoded with wrong colours, which no test on SD material or JPEG (always
#        BT.601) shows. Use sws_scale_frame, or set the matrix; test with a tagged clip.
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
import static org.bytedeco.ffmpeg.global.swscale.*;

import java.nio.file.*;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.*;
import org.bytedeco.ffmpeg.avformat.*;
import org.bytedeco.ffmpeg.avutil.*;
import org.bytedeco.ffmpeg.swscale.*;
import org.bytedeco.javacpp.*;

public class Finding {
  static int[] pixel(BytePointer rgb) {
    return new int[] {rgb.get(0) & 255, rgb.get(1) & 255, rgb.get(2) & 255};
  }

  static int[] scaled(AVFrame frame, boolean details) {
    int w = frame.width(), h = frame.height();
    SwsContext context = sws_getContext(w, h, frame.format(), w, h, AV_PIX_FMT_RGB24, SWS_BILINEAR, null, null, (DoublePointer) null);
    if (details)
      sws_setColorspaceDetails(context, sws_getCoefficients(frame.colorspace()), 0, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
    BytePointer rgb = new BytePointer(3L * w * h);
    sws_scale(context, new PointerPointer<>(frame), frame.linesize(), 0, h, new PointerPointer<>(4).put(0, rgb), new IntPointer(3 * w, 0, 0, 0));
    return pixel(rgb);
  }

  static int[] scaledFrame(AVFrame frame) {
    AVFrame rgb = av_frame_alloc();
    rgb.format(AV_PIX_FMT_RGB24);
    rgb.width(frame.width());
    rgb.height(frame.height());
    sws_scale_frame(sws_alloc_context(), rgb, frame);
    return pixel(rgb.data(0));
  }

  public static void main(String[] args) throws Exception {
    AVFormatContext format = new AVFormatContext(null);
    avformat_open_input(format, "hd.mp4", null, null);
    avformat_find_stream_info(format, (PointerPointer<?>) null);
    AVCodec codec = avcodec_find_decoder(format.streams(0).codecpar().codec_id());
    AVCodecContext decoder = avcodec_alloc_context3(codec);
    avcodec_parameters_to_context(decoder, format.streams(0).codecpar());
    avcodec_open2(decoder, codec, (AVDictionary) null);
    AVPacket packet = av_packet_alloc();
    AVFrame frame = av_frame_alloc();
    av_read_frame(format, packet);
    avcodec_send_packet(decoder, packet);
    avcodec_send_packet(decoder, (AVPacket) null);
    avcodec_receive_frame(decoder, frame);
    byte[] raw = Files.readAllBytes(Path.of("program.rgb"));
    int[] program = {raw[0] & 255, raw[1] & 255, raw[2] & 255}, plain = scaled(frame, false), details = scaled(frame, true), whole = scaledFrame(frame);
    System.out.println("the frame says colorspace " + av_color_space_name(frame.colorspace()).getString() + ", " + frame.width() + " x " + frame.height());
    System.out.println("painted [32, 192, 64]; ffmpeg program " + Arrays.toString(program) + ", sws_scale " + Arrays.toString(plain)
        + ", with details " + Arrays.toString(details) + ", sws_scale_frame " + Arrays.toString(whole));
    boolean same = Math.abs(plain[1] - program[1]) >= 20 && Math.abs(details[1] - program[1]) <= 2 && Math.abs(whole[1] - program[1]) <= 2;
    System.out.println(same ? "ok: still so" : "changed: sws_scale takes the frame's matrix");
    System.exit(same ? 0 : 1);
  }
}
END

ffmpeg -f lavfi -i color=c=0x20c040:s=1280x720:r=5:d=0.2 -vf scale=out_color_matrix=bt709:out_range=tv,format=yuv420p \
  -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv -c:v libopenh264 hd.mp4
ffmpeg -i hd.mp4 -frames:v 1 -f rawvideo -pix_fmt rgb24 program.rgb
java -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$(cat classpath)" Finding.java
