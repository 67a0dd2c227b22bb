package io.boostnet.jobs.format;

import java.io.Serializable;

/**
 * Names of the headers that the format {@code image} reads; a header that a record lacks takes its
 * default.
 *
 * @param sequence position in its source, in decimal digits; default name sequence, default value
 *     the offset
 * @param label index of the true class, in decimal digits; default name label, default value none
 * @param deadlineMs when the prediction must be made, in milliseconds since the Unix epoch, in
 *     decimal digits; default name deadline-ms, default value none
 * @param contentType MIME type; default name content-type, default value what the bytes tell;
 *     {@link BareImageDecoder#REFERENCE} for a value that is a URI
 */
public record HeaderNames(String sequence, String label, String deadlineMs, String contentType)
    implements Serializable {

  /** The default names. */
  public static final HeaderNames DEFAULT = new HeaderNames(null, null, null, null);

  private static final long serialVersionUID = 1;

  public HeaderNames {
    sequence = sequence == null ? "sequence" : sequence;
    label = label == null ? "label" : label;
    deadlineMs = deadlineMs == null ? "deadline-ms" : deadlineMs;
    contentType = contentType == null ? "content-type" : contentType;
  }
}
