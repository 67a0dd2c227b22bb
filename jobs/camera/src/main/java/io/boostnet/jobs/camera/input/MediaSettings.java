package io.boostnet.jobs.camera.input;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How ffmpeg reads a camera or a file.
 *
 * @param address a path, or what ffmpeg takes as a URL
 * @param live whether frames come when the camera makes them
 * @param stall silence of a peer after which the connection counts as lost
 * @param threads threads of the decoder, which share the slices of one picture: threads that share
 *     pictures would hold frames back
 * @param quality of JPEG files that are made, 1 .. 100
 * @param options options of ffmpeg's demuxer and protocol
 */
public record MediaSettings(
    String address,
    boolean live,
    Duration stall,
    int threads,
    int quality,
    Map<String, String> options) {

  public MediaSettings {
    options = Map.copyOf(options);
  }

  /** The given options and, below them, what a camera needs. */
  Map<String, String> effectiveOptions() {
    Map<String, String> all = new LinkedHashMap<>();
    if (address.startsWith("rtsp")) {
      all.put("rtsp_transport", "tcp"); // by UDP a lost packet damages pictures up to the next key
    }
    all.putAll(options);
    return all;
  }

  /** The address without what may be a password: neither user nor query. */
  public String shownAddress() {
    int query = address.indexOf('?');
    boolean url = address.contains("://");
    String place = url && query >= 0 ? address.substring(0, query) : address;
    String shown = url ? place.replaceFirst("(?<=://).*@", "") : place;
    return place.equals(address) ? shown : shown + "?...";
  }

  @Override
  public String toString() {
    return "MediaSettings[" + shownAddress() + "]"; // options may hold passwords too
  }
}
