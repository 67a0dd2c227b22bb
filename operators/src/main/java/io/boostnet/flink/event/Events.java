package io.boostnet.flink.event;

import io.boostnet.schema.Event;
import io.boostnet.schema.Prediction;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * From predictions to events: when the class of a source is another, and when its frames cease and
 * come again.
 *
 * <pre>{@code
 * DataStream<Event> events =
 *     Events.of(result.predictions(), EventRules.parse("3/5").offlineAfter(Duration.ofSeconds(10)));
 * }</pre>
 *
 * <p>A source whose frames come in more than one partition still has one state; any order within
 * the frames that its rule looks at is fine. Watermarks are neither needed nor looked at: times are
 * those of the frames, in milliseconds since the Unix epoch, and a source that ends is found by a
 * timer of processing time.
 *
 * <p>What is remembered of a source is Flink's keyed state: it is in every checkpoint, on the state
 * backend that the job has, and moves with its key over a change of parallelism.
 */
@PublicEvolving
public final class Events {

  private Events() {}

  /**
   * The events of predictions, by their source.
   *
   * @param predictions of all sources, mixed as they come
   * @param rules when another class counts, and after how long a source is offline
   * @return the operator, whose uid and parallelism are the caller's to set; one event for each
   *     change, in the order of the changes of its source
   */
  public static SingleOutputStreamOperator<Event> of(
      DataStream<Prediction> predictions, EventRules rules) {
    return withImages(predictions, rules, null);
  }

  /**
   * The same with the image of the frame that confirmed an event.
   *
   * @param header the predictions' header that holds the file, JPEG or PNG; null for none
   * @return the operator, for the caller to give a uid
   */
  public static SingleOutputStreamOperator<Event> withImages(
      DataStream<Prediction> predictions, EventRules rules, String header) {
    return predictions
        .keyBy(Prediction::getSourceId)
        .process(new EventFunction(rules, header), new AvroTypeInfo<>(Event.class));
  }
}
