package io.boostnet.jobs.serve;

import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.flink.options.Limits;
import io.boostnet.image.ImageFormat;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Prediction;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Takes the image file of a frame along to its prediction, for the event that it may confirm: a
 * header of {@link #HEADER}, which no topic sees. A larger file stays behind, and so do raw planes,
 * which say nothing of their size, and a header of that key that a record came with.
 */
final class EventImages implements FrameDecoder<SourceRecord> {

  /** Key of the header. */
  static final String HEADER = "boostnet.event.image";

  private static final long serialVersionUID = 1;

  private final FrameDecoder<SourceRecord> format;
  private final int mostBytes;

  /**
   * Wraps the decoder of a format.
   *
   * @param mostBytes largest file that is taken along
   */
  EventImages(FrameDecoder<SourceRecord> format, int mostBytes) {
    this.format = format;
    this.mostBytes = mostBytes;
  }

  /**
   * Limits with room for such a header beside what frames take along else, which {@link
   * io.boostnet.jobs.format.ForwardingDecoder} keeps within its own.
   */
  static Limits roomIn(Limits limits, EventConfig events) {
    return events.imageBytes() == 0
        ? limits
        : limits.withBaggage(limits.baggageBytes() + HEADER.length() + events.imageBytes());
  }

  @Override
  public void open() {
    format.open();
  }

  @Override
  public EncodedFrame decode(SourceRecord record) throws RejectedFrameException {
    EncodedFrame frame = format.decode(record);
    Baggage baggage = frame.frame().baggage();
    List<RecordHeader> headers = new ArrayList<>(baggage.headers());
    headers.removeIf(header -> header.key().equals(HEADER));
    if (frame.image().length <= mostBytes && isFile(frame.image())) {
      headers.add(new RecordHeader(HEADER, frame.image()));
    }
    return frame.with(baggage.with(headers));
  }

  private static boolean isFile(byte[] image) {
    return switch (ImageFormat.of(image)) {
      case JPEG, PNG -> true;
      default -> false;
    };
  }

  @Override
  public void close() {
    format.close();
  }

  private static List<io.boostnet.schema.RecordHeader> others(
      List<io.boostnet.schema.RecordHeader> headers) {
    return headers.stream().filter(header -> !header.getKey().equals(HEADER)).toList();
  }

  /** Leaves the image behind where predictions go on; the prediction that came stays as it is. */
  static final class OfPredictions implements MapFunction<Prediction, Prediction> {
    private static final long serialVersionUID = 1;

    @Override
    public Prediction map(Prediction said) {
      Prediction copy = new Prediction();
      said.getSchema().getFields().forEach(at -> copy.put(at.pos(), said.get(at.pos())));
      copy.setHeaders(others(said.getHeaders()));
      return copy;
    }
  }

  /** Leaves the image behind in a dead letter, which has a payload. */
  static final class OfDeadLetters implements MapFunction<DeadLetter, DeadLetter> {
    private static final long serialVersionUID = 1;

    @Override
    public DeadLetter map(DeadLetter letter) {
      letter.setHeaders(others(letter.getHeaders()));
      return letter;
    }
  }
}
