package io.boostnet.jobs.outcomes;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Event;
import io.boostnet.schema.Prediction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Is told what an {@link OutcomeReader} reads, on the thread that polls it. */
public interface OutcomeListener {

  /** A frame that was published, and its record. */
  default void frame(EncodedFrame frame, ConsumerRecord<byte[], byte[]> record) {}

  /** A frame was classified. */
  default void prediction(Prediction prediction) {}

  /** A record could not be classified. */
  default void deadLetter(DeadLetter letter) {}

  /** The controller changed something. */
  default void controlEvent(ControlEvent event) {}

  /** What a source shows changed. */
  default void event(Event event) {}

  /** A record that is not what its topic holds, or has no value. */
  default void unreadable(ConsumerRecord<byte[], byte[]> record, Exception reason) {}
}
