package io.boostnet.jobs.run;

import io.boostnet.jobs.outcomes.OutcomeListener;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Prediction;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Outcomes as they enter the figures and are watched. What cannot be read ends the run: the job
 * writes nothing else to its topics.
 *
 * @param figures takes all of them
 * @param predictions is told of every prediction
 * @param controlEvents is told of every control event
 */
public record Watched(
    RunFigures figures, Consumer<Prediction> predictions, Consumer<ControlEvent> controlEvents)
    implements OutcomeListener {

  @Override
  public void prediction(Prediction prediction) {
    figures.prediction(prediction);
    predictions.accept(prediction);
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    figures.deadLetter(letter);
  }

  @Override
  public void controlEvent(ControlEvent event) {
    figures.controlEvent(event);
    controlEvents.accept(event);
  }

  @Override
  public void unreadable(ConsumerRecord<byte[], byte[]> record, Exception reason) {
    throw new IllegalStateException("reading " + record.topic() + " back", reason);
  }
}
