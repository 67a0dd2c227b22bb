package io.boostnet.jobs.format;

import com.fasterxml.jackson.core.JsonPointer;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the formats {@code json} and {@code registry} find the parts of a frame: JSON pointers into
 * the record (RFC 6901), in Avro records by the names of fields. The defaults are the names of an
 * ImageFrame. What a record lacks is taken from the Kafka record: its key, offset and timestamp.
 *
 * @param sourceId default /sourceId
 * @param sequence default /sequence
 * @param timestampMs default /timestampMs; milliseconds since the Unix epoch, or an ISO-8601 text
 * @param contentType default /contentType
 * @param image default /image; base64 in JSON
 * @param reference default /reference; a URI
 * @param width default /width; of raw planes
 * @param height default /height; of raw planes
 * @param label default /label
 * @param deadlineMs default /deadlineMs
 * @param take what goes unread into {@code fields} of the prediction; default nothing
 */
public record FieldPointers(
    String sourceId,
    String sequence,
    String timestampMs,
    String contentType,
    String image,
    String reference,
    String width,
    String height,
    String label,
    String deadlineMs,
    List<String> take)
    implements Serializable {

  /** The names of an ImageFrame. */
  public static final FieldPointers DEFAULT =
      new FieldPointers(null, null, null, null, null, null, null, null, null, null, null);

  private static final long serialVersionUID = 1;

  public FieldPointers {
    sourceId = sourceId == null ? "/sourceId" : sourceId;
    sequence = sequence == null ? "/sequence" : sequence;
    timestampMs = timestampMs == null ? "/timestampMs" : timestampMs;
    contentType = contentType == null ? "/contentType" : contentType;
    image = image == null ? "/image" : image;
    reference = reference == null ? "/reference" : reference;
    width = width == null ? "/width" : width;
    height = height == null ? "/height" : height;
    label = label == null ? "/label" : label;
    deadlineMs = deadlineMs == null ? "/deadlineMs" : deadlineMs;
    take = take == null ? List.of() : List.copyOf(take);
    Stream.concat(
            Stream.of(
                sourceId,
                sequence,
                timestampMs,
                contentType,
                image,
                reference,
                width,
                height,
                label,
                deadlineMs),
            take.stream())
        .forEach(FieldPointers::check);
  }

  private static void check(String pointer) {
    try {
      if (JsonPointer.compile(pointer).matches()) {
        throw new IllegalArgumentException("it names the whole record");
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "kafka.format.fields has '"
              + pointer
              + "', which is not a JSON pointer to a field; write it as /camera/id",
          e);
    }
  }
}
