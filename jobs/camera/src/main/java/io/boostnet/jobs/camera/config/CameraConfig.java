package io.boostnet.jobs.camera.config;

import io.boostnet.jobs.camera.input.DirectoryInput;
import io.boostnet.jobs.camera.input.FrameInput;
import io.boostnet.jobs.camera.input.MediaInput;
import io.boostnet.jobs.camera.input.MediaSettings;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.flink.annotation.PublicEvolving;

/**
 * A camera, a video file or a directory of images, and what is taken of it. What is left out takes
 * its default; a wrong value throws {@link IllegalArgumentException} with its name, the value and
 * what is allowed. Immutable.
 *
 * @param input URL of a camera (rtsp, http, ...), or path of a file or directory; required
 * @param live whether frames come when the camera makes them: then they are dropped where Kafka is
 *     slow, and the connection is made again where it ends; default by the input
 * @param rate frames taken a second; default all
 * @param zones parts of the picture by name, each a source of its own; default none
 * @param whole whether the whole picture is taken; default where there are no zones
 * @param quality of JPEG files that are made, 1 .. 100; default 90
 * @param pace of a file: fast, or realtime as a camera would send it; default fast
 * @param start event time of a file's first frame, an instant; default now with realtime, else when
 *     the file says that it was recorded, or now
 * @param loop whether a file begins again at its end; default false
 * @param frameRate frames a second that a directory's images stand for; default 25
 * @param stallSeconds silence of a camera after which it is connected anew, 1 .. 3600; default 10
 * @param retrySeconds longest pause between tries to connect, 1 .. 3600; default 30
 * @param queue pictures of a live camera that wait to be taken further before the oldest is
 *     dropped, 1 .. 10,000; default 50
 * @param threads of the decoder, 1 .. 64; default 1
 * @param options options of ffmpeg's, by name
 */
@PublicEvolving
public record CameraConfig(
    String input,
    Boolean live,
    Double rate,
    Map<String, Zone> zones,
    Boolean whole,
    Integer quality,
    String pace,
    String start,
    Boolean loop,
    Double frameRate,
    Integer stallSeconds,
    Integer retrySeconds,
    Integer queue,
    Integer threads,
    Map<String, String> options)
    implements Serializable {

  private static final long serialVersionUID = 1;

  static final String NAME = "[A-Za-z0-9._-]{1,100}";
  private static final double HIGHEST_RATE = 1_000;
  private static final Set<String> PROTOCOLS =
      Set.of("rtsp", "rtsps", "http", "https", "tcp", "udp", "rtp", "srt", "rtmp");

  public CameraConfig {
    if (input == null || input.isBlank()) {
      throw new IllegalArgumentException("input is not set; give a URL, a file or a directory");
    }
    if (input.contains("://") && !PROTOCOLS.contains(protocol(input))) {
      throw new IllegalArgumentException(
          "input is %s; read are files, and %s"
              .formatted(input, String.join(", ", PROTOCOLS.stream().sorted().toList())));
    }
    live = live == null ? input.contains("://") : live;
    requireRate("rate", rate);
    zones = zones == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(zones));
    for (String zone : zones.keySet()) {
      requireName("zone", zone);
    }
    whole = whole == null ? zones.isEmpty() : whole;
    if (!whole && zones.isEmpty()) {
      throw new IllegalArgumentException(
          "whole is false and there are no zones; nothing would be taken: give zones");
    }
    quality = requireRange("quality", quality, 90, 1, 100);
    pace = pace == null ? "fast" : pace;
    if (!Set.of("fast", "realtime").contains(pace)) {
      throw new IllegalArgumentException("pace is %s; give fast or realtime".formatted(pace));
    }
    requireInstant(start);
    loop = loop != null && loop;
    if (live && loop) {
      throw new IllegalArgumentException(
          "loop is true and the camera is live; only files begin again");
    }
    frameRate = frameRate == null ? 25 : frameRate;
    requireRate("frameRate", frameRate);
    stallSeconds = requireRange("stallSeconds", stallSeconds, 10, 1, 3600);
    retrySeconds = requireRange("retrySeconds", retrySeconds, 30, 1, 3600);
    queue = requireRange("queue", queue, 50, 1, 10_000);
    threads = requireRange("threads", threads, 1, 1, 64);
    options = options == null ? Map.of() : Map.copyOf(options);
  }

  /** All of an input, with the defaults. */
  public static CameraConfig of(String input) {
    return new CameraConfig(
        input, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /** The same with these zones and options of ffmpeg's. */
  public CameraConfig with(Map<String, Zone> newZones, Map<String, String> newOptions) {
    return new CameraConfig(
        input,
        live,
        rate,
        newZones,
        null,
        quality,
        pace,
        start,
        loop,
        frameRate,
        stallSeconds,
        retrySeconds,
        queue,
        threads,
        newOptions);
  }

  /** The same of which so many frames are taken a second; null for all. */
  public CameraConfig with(Double newRate) {
    return new CameraConfig(
        input,
        live,
        newRate,
        zones,
        whole,
        quality,
        pace,
        start,
        loop,
        frameRate,
        stallSeconds,
        retrySeconds,
        queue,
        threads,
        options);
  }

  /** What reads it; the caller opens, reads and closes it. */
  public FrameInput toInput() {
    Path path = path();
    return path != null && Files.isDirectory(path)
        ? new DirectoryInput(path, frameRate, quality)
        : new MediaInput(settings());
  }

  /** The file or directory; null for a URL. */
  public Path path() {
    return input.contains("://") ? null : Path.of(input);
  }

  /** The input without a password. */
  public String shownInput() {
    return settings().shownAddress();
  }

  @Override
  public String toString() {
    return "CameraConfig[" + shownInput() + "]"; // its input may hold a password
  }

  /** Whether frames of a file are given when their time has come. */
  public boolean realtime() {
    return pace.equals("realtime");
  }

  private MediaSettings settings() {
    return new MediaSettings(
        input, live, Duration.ofSeconds(stallSeconds), threads, quality, options);
  }

  private static String protocol(String url) {
    return url.substring(0, url.indexOf("://")).toLowerCase(Locale.ROOT);
  }

  static void requireName(String what, String name) {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(
          "the name of a %s is '%s'; give up to 100 letters, digits, dots, hyphens and underscores"
              .formatted(what, name));
    }
  }

  private static void requireRate(String key, Double rate) {
    if (rate != null && !(rate > 0 && rate <= HIGHEST_RATE)) {
      throw new IllegalArgumentException(
          "%s is %s; give frames a second, above 0 and up to 1000".formatted(key, rate));
    }
  }

  private static int requireRange(String key, Integer value, int otherwise, int least, int most) {
    int taken = value == null ? otherwise : value;
    if (taken < least || taken > most) {
      throw new IllegalArgumentException(
          "%s is %d; give %d to %d".formatted(key, taken, least, most));
    }
    return taken;
  }

  private static void requireInstant(String start) {
    try {
      if (start != null) {
        Instant.parse(start);
      }
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "start is %s; give an instant such as 2026-05-01T08:00:00Z".formatted(start), e);
    }
  }
}
