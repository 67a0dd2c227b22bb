package io.boostnet.flink.options;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * How images are read that frames refer to.
 *
 * @param allowed what a URI must begin with, such as {@code s3://photos/}: a record must not make
 *     the job read whatever it names; at least one, each ending with a slash
 * @param capacity images that one subtask waits for at a time, at least 1
 * @param timeout from a frame's arrival to its image, retries included
 * @param retries further tries where a store fails, at least 0; what it says is missing is not
 *     asked for again
 */
@PublicEvolving
public record References(List<String> allowed, int capacity, Duration timeout, int retries)
    implements Serializable {

  private static final long serialVersionUID = 1;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException with the name, the value and what is allowed
   */
  public References {
    allowed = List.copyOf(allowed);
    if (allowed.isEmpty()) {
      throw new IllegalArgumentException(
          "references are read from nowhere; name at least one place, such as s3://photos/");
    }
    allowed.forEach(References::checkPlace);
    if (capacity < 1 || capacity > 10_000) {
      throw new IllegalArgumentException(
          "capacity of references is " + capacity + "; allowed are 1 to 10000");
    }
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "timeout of references is " + timeout + "; at least a millisecond is needed");
    }
    if (retries < 0 || retries > 100) {
      throw new IllegalArgumentException(
          "retries of references are " + retries + "; allowed are 0 to 100");
    }
  }

  /** From these places, 64 at a time, within ten seconds and three tries. */
  public static References from(String... places) {
    return new References(List.of(places), 64, Duration.ofSeconds(10), 2);
  }

  /**
   * Whether a URI leads to one of the places. One with a dot segment, however it is written, does
   * not: it could lead out again.
   */
  public boolean allows(URI uri) {
    String path = uri.getPath();
    boolean plain =
        uri.isAbsolute()
            && uri.getRawUserInfo() == null
            && path != null
            && !("/" + path + "/").contains("/../")
            && !("/" + path + "/").contains("/./")
            && !uri.getRawPath().toLowerCase(java.util.Locale.ROOT).contains("%2f")
            && path.indexOf('\\') < 0;
    return plain && allowed.stream().anyMatch(uri.toString()::startsWith);
  }

  private static void checkPlace(String place) {
    try {
      if (URI.create(place).isAbsolute() && place.endsWith("/")) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "references are allowed from '"
            + place
            + "'; give a URI with scheme and a slash at its end, such as s3://photos/");
  }
}
