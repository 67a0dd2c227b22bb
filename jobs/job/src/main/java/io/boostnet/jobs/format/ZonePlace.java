package io.boostnet.jobs.format;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Where a zone lies in its camera's picture, in pixels: a header of the zone's frames, which {@code
 * camera} writes and the live page draws by.
 *
 * @param left columns to the left of it
 * @param top rows above it
 * @param width its columns, at least 1
 * @param height its rows, at least 1
 */
public record ZonePlace(int left, int top, int width, int height) {

  /** Name of the header; its value is {@code left,top,width,height}. */
  public static final String HEADER = "zone";

  private static final Pattern VALUE =
      Pattern.compile("(\\d{1,6}),(\\d{1,6}),([1-9]\\d{0,5}),([1-9]\\d{0,5})");

  /** The place that a record's headers name; empty where they name none. */
  public static Optional<ZonePlace> of(Headers headers) {
    Header header = headers.lastHeader(HEADER);
    if (header == null || header.value() == null) {
      return Optional.empty();
    }
    Matcher value = VALUE.matcher(new String(header.value(), StandardCharsets.UTF_8));
    return value.matches()
        ? Optional.of(
            new ZonePlace(number(value, 1), number(value, 2), number(value, 3), number(value, 4)))
        : Optional.empty();
  }

  private static int number(Matcher value, int group) {
    return Integer.parseInt(value.group(group));
  }

  /** The header's value. */
  public byte[] toBytes() {
    String value = String.format(Locale.ROOT, "%d,%d,%d,%d", left, top, width, height);
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
