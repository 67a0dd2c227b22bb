package io.boostnet.flink.stage;

import io.boostnet.flink.metrics.Histograms;
import io.boostnet.flink.metrics.MetricNames;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.model.Outcome;
import io.boostnet.flink.options.OutputOrder;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Common end of all exits: decisions to the main output, rejections to a side output, in the order
 * of arrival where that is asked for.
 *
 * <p>Keeps no state: the stages drain before every checkpoint barrier, and an aligned barrier comes
 * after all that was before it, so that nothing waits here when it passes. A watermark likewise
 * arrives after all frames before it, and what is held at that moment is younger.
 */
final class OutcomeOperator extends AbstractStreamOperator<Decision>
    implements OneInputStreamOperator<ChainElement, Decision> {

  private static final long serialVersionUID = 1;

  private final OutputOrder order;

  private transient Map<Integer, ArrivalOrder<StreamRecord<Outcome>>> lanes;

  /** How many outcomes the lanes hold; written by the task's thread, read by that of metrics. */
  private transient volatile int held;

  private transient Counter predictions;
  private transient Counter deadLetters;
  private transient Histogram endToEnd;

  OutcomeOperator(StreamOperatorParameters<Decision> parameters, OutputOrder order) {
    super(parameters);
    this.order = order;
  }

  @Override
  public void open() throws Exception {
    super.open();
    lanes = new HashMap<>();
    predictions = getMetricGroup().counter(MetricNames.PREDICTIONS);
    deadLetters = getMetricGroup().counter(MetricNames.DEAD_LETTERS);
    endToEnd = Histograms.register(getMetricGroup(), MetricNames.END_TO_END_MILLIS);
    getMetricGroup().gauge(MetricNames.HELD_FOR_ORDER, () -> held);
  }

  @Override
  public void processElement(StreamRecord<ChainElement> element) throws Exception {
    Outcome outcome = (Outcome) element.getValue(); // at the last stage every frame has left
    if (order == OutputOrder.UNORDERED) {
      emit(element.replace(outcome));
      return;
    }
    var ticket = outcome.ticket();
    var lane = lanes.computeIfAbsent(ticket.lane(), number -> new ArrivalOrder<>());
    int others = held - lane.held();
    lane.offer(ticket.number(), element.replace(outcome).copy(outcome), this::emit);
    held = others + lane.held();
  }

  private void emit(StreamRecord<Outcome> element) {
    Outcome outcome = element.getValue();
    if (outcome.decision() == null) {
      deadLetters.inc();
      output.collect(StageTags.REJECTIONS, element.replace(outcome.rejection()));
      return;
    }
    predictions.inc();
    endToEnd.update(
        getProcessingTimeService().getCurrentProcessingTime() - outcome.decision().timestampMs());
    output.collect(element.replace(outcome.decision()));
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    if (held > 0) {
      throw new IllegalStateException(
          "%d outcomes wait for their turn at checkpoint %d; ordered output needs aligned checkpoints"
              .formatted(held, checkpointId));
    }
  }
}
