package io.boostnet.jobs.format;

import io.boostnet.flink.model.RecordHeader;
import io.boostnet.schema.ImageFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoded image as the value; the source is the key and the time the record's, both not here.
 */
public final class BareImageEncoder implements RecordEncoder<ImageFrame> {

  private static final long serialVersionUID = 1;

  private final HeaderNames names;

  /** An encoder that writes headers of these names. */
  public BareImageEncoder(HeaderNames names) {
    this.names = names;
  }

  @Override
  public void open() {}

  @Override
  public Encoded encode(ImageFrame frame) {
    List<RecordHeader> headers = new ArrayList<>();
    add(headers, names.sequence(), frame.getSequence());
    add(headers, names.label(), frame.getLabel());
    add(headers, names.deadlineMs(), frame.getDeadlineMs());
    if (frame.getReference() != null) {
      add(headers, names.contentType(), BareImageDecoder.REFERENCE);
      return new Encoded(frame.getReference().getBytes(StandardCharsets.UTF_8), headers);
    }
    add(headers, names.contentType(), frame.getContentType());
    byte[] image = new byte[frame.getImage().remaining()];
    frame.getImage().get(frame.getImage().position(), image);
    return new Encoded(image, headers);
  }

  private static void add(List<RecordHeader> headers, String name, Object value) {
    if (value != null) {
      headers.add(new RecordHeader(name, value.toString().getBytes(StandardCharsets.UTF_8)));
    }
  }
}
