package io.boostnet.jobs.camera.input;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_sample_aspect_ratio;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_DICT_IGNORE_SUFFIX;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_inv_q;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import io.boostnet.image.BadImageException;
import io.boostnet.image.CheckedImage;
import io.boostnet.image.ImageLimits;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.PointerPointer;

/**
 * A camera or file that ffmpeg reads. Pictures of MJPEG are decoded only where a part of one is
 * asked for. Frames that the decoder had to make up are left out and counted.
 */
public final class MediaInput implements FrameInput {

  private static final AVRational MICROSECONDS = new AVRational().num(1).den(1_000_000);
  private static final AVRational SQUARE = new AVRational().num(1).den(1);

  /** The stream carries no time: of a file frames are counted, a live one has none. */
  private static final Set<String> WITHOUT_TIMES =
      Set.of("mpjpeg", "mjpeg", "jpeg_pipe", "h264", "hevc", "m4v");

  private final MediaSettings settings;
  private final Patience patience;
  private final PictureImages images;
  private final AVPacket packet;
  private final AVFrame frame;
  private AVFormatContext format;
  private AVCodecContext decoder;
  private AVStream stream;
  private long pictures;
  private boolean jpegs;
  private boolean converted;
  private boolean drained;
  private int readError;
  private long damaged;

  /** An input that is to be opened; it has native memory from now on. */
  public MediaInput(MediaSettings settings) {
    Ffmpeg.load();
    this.settings = settings;
    this.patience = new Patience(settings.stall());
    this.packet = av_packet_alloc();
    this.frame = av_frame_alloc();
    this.images = new PictureImages(settings.quality());
  }

  @Override
  public void open() throws MediaException {
    format = avformat_alloc_context();
    format.interrupt_callback().callback(patience);
    AVDictionary options = new AVDictionary(null);
    settings.effectiveOptions().forEach((key, value) -> av_dict_set(options, key, value, 0));
    int code = avformat_open_input(format, settings.address(), null, options);
    AVDictionaryEntry unused = av_dict_get(options, "", null, AV_DICT_IGNORE_SUFFIX);
    String unknown = unused == null || unused.isNull() ? null : unused.key().getString();
    av_dict_free(options);
    if (code < 0) {
      format = null; // freed with the failure
      throw failed("cannot be opened", code);
    }
    if (unknown != null) {
      throw new MediaException(
          "%s takes no option %s; see what ffmpeg's %s has"
              .formatted(settings.shownAddress(), unknown, format.iformat().name().getString()));
    }
    require("tells nothing of itself", avformat_find_stream_info(format, (PointerPointer<?>) null));
    AVCodec codec = new AVCodec(null);
    int index =
        require(
            "has no video that can be decoded",
            av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, codec, 0));
    for (int i = 0; i < format.nb_streams(); i++) {
      if (i != index) {
        format.streams(i).discard(avcodec.AVDISCARD_ALL);
      }
    }
    stream = format.streams(index);
    AVCodecParameters parameters = stream.codecpar();
    jpegs = parameters.codec_id() == AV_CODEC_ID_MJPEG;
    decoder = avcodec_alloc_context3(codec);
    require("has video that is not understood", avcodec_parameters_to_context(decoder, parameters));
    decoder.thread_type(AVCodecContext.FF_THREAD_SLICE);
    decoder.thread_count(settings.threads());
    decoder.pkt_timebase(stream.time_base());
    require("has video that is not decoded", avcodec_open2(decoder, codec, (AVDictionary) null));
  }

  @Override
  public boolean advance() throws MediaException {
    boolean found = find();
    pictures += found ? 1 : 0;
    return found;
  }

  private boolean find() throws MediaException {
    converted = false;
    if (jpegs) {
      return readJpeg();
    }
    while (true) {
      int code = avcodec_receive_frame(decoder, frame);
      if (code >= 0) {
        if (isSound(frame)) {
          return true;
        }
        damaged++;
      } else if (code == AVERROR_EAGAIN()) {
        decodeNext();
      } else if (code == AVERROR_EOF) {
        return end();
      } else {
        throw failed("cannot be decoded", code);
      }
    }
  }

  /** A frame that lacks nothing: no missing reference, no slice that was made up. */
  private static boolean isSound(AVFrame frame) {
    return frame.decode_error_flags() == 0 && (frame.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) == 0;
  }

  private void decodeNext() throws MediaException {
    if (!read()) {
      avcodec_send_packet(decoder, (AVPacket) null);
      return;
    }
    if (avcodec_send_packet(decoder, packet) < 0) {
      damaged++;
    }
    av_packet_unref(packet);
  }

  /** Every packet is a picture; it stays in {@link #packet}. */
  private boolean readJpeg() throws MediaException {
    av_packet_unref(packet);
    while (read()) {
      if (packet.size() > 0) {
        return true;
      }
      av_packet_unref(packet);
    }
    return end();
  }

  /** The next packet of the video; false at the end, or where no more can be read. */
  private boolean read() throws MediaException {
    while (!drained) {
      patience.begin();
      int code = av_read_frame(format, packet);
      if (patience.cancelled()) {
        throw new MediaException("%s was closed".formatted(settings.shownAddress()));
      }
      if (code < 0) {
        drained = true;
        readError = code == AVERROR_EOF ? 0 : code;
      } else if (packet.stream_index() == stream.index()) {
        return true;
      } else {
        av_packet_unref(packet);
      }
    }
    return false;
  }

  /** After the last frame: a read that failed is told once all that came before it was given. */
  private boolean end() throws MediaException {
    if (readError != 0) {
      throw failed("cannot be read further", readError);
    }
    return false;
  }

  @Override
  public long timeMicros() {
    boolean counted = WITHOUT_TIMES.contains(format.iformat().name().getString());
    if (counted && settings.live()) {
      return NO_TIME;
    }
    long time = jpegs ? packet.pts() : frame.best_effort_timestamp();
    if (time != AV_NOPTS_VALUE) {
      return av_rescale_q(time, stream.time_base(), MICROSECONDS);
    }
    return counted
        ? av_rescale_q(pictures - 1, av_inv_q(stream.avg_frame_rate()), MICROSECONDS)
        : NO_TIME;
  }

  @Override
  public long recordedAtMs() {
    AVDictionaryEntry entry = av_dict_get(format.metadata(), "creation_time", null, 0);
    try {
      return entry == null || entry.isNull()
          ? NO_TIME
          : Instant.parse(entry.value().getString()).toEpochMilli();
    } catch (DateTimeParseException e) {
      return NO_TIME;
    }
  }

  @Override
  public EncodedImage whole() throws MediaException {
    if (jpegs) {
      byte[] bytes = new byte[packet.size()];
      packet.data().get(bytes);
      if (isOneWholePicture(bytes)) {
        return EncodedImage.jpeg(bytes);
      }
    }
    convert();
    return images.whole();
  }

  /** A packet of interlaced video holds two pictures of half the height, one behind the other. */
  private boolean isOneWholePicture(byte[] bytes) {
    try {
      CheckedImage image = CheckedImage.of(bytes, ImageLimits.DEFAULT);
      int height = stream.codecpar().height();
      return height == 0 || image.height() * 2 > height;
    } catch (BadImageException e) {
      return false;
    }
  }

  @Override
  public EncodedImage part(Box box) throws MediaException {
    convert();
    return images.part(box);
  }

  /** Decodes what was only read so far, and hands the picture to {@link #images}, once. */
  private void convert() throws MediaException {
    if (converted) {
      return;
    }
    if (jpegs) {
      decodeJpeg();
    }
    // What a JPEG says of its pixels' sides is not to be relied on.
    images.take(frame, jpegs ? SQUARE : av_guess_sample_aspect_ratio(format, stream, frame));
    converted = true;
  }

  private void decodeJpeg() throws DamagedFrameException {
    int code = avcodec_send_packet(decoder, packet);
    if (code >= 0) {
      code = avcodec_receive_frame(decoder, frame);
    }
    if (code < 0 || !isSound(frame)) {
      damaged++;
      throw new DamagedFrameException(
          "a frame of %s is damaged (%s)"
              .formatted(settings.shownAddress(), code < 0 ? Ffmpeg.error(code) : "incomplete"));
    }
  }

  @Override
  public long damaged() {
    return damaged;
  }

  @Override
  public String description() {
    AVCodecParameters video = stream.codecpar();
    return "%s, %s, %d x %d"
        .formatted(
            format.iformat().name().getString(),
            avcodec_get_name(video.codec_id()).getString(),
            video.width(),
            video.height());
  }

  @Override
  public void cancel() {
    patience.cancel();
  }

  private int require(String what, int code) throws MediaException {
    if (code < 0) {
      throw failed(what, code);
    }
    return code;
  }

  private MediaException failed(String what, int code) {
    String why =
        patience.cancelled()
            ? "it was closed"
            : patience.over()
                ? "silent for %d s".formatted(settings.stall().toSeconds())
                : Ffmpeg.error(code);
    return new MediaException("%s %s (%s)".formatted(settings.shownAddress(), what, why));
  }

  @Override
  public void close() {
    av_packet_free(packet);
    av_frame_free(frame);
    if (decoder != null) {
      avcodec_free_context(decoder);
    }
    if (format != null) {
      avformat_close_input(format);
    }
    images.close();
    patience.close();
  }
}
