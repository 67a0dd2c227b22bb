package io.boostnet.flink.stage;

import io.boostnet.flink.metrics.Histograms;
import io.boostnet.flink.metrics.MetricNames;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Outcome;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.TensorSpec;
import io.boostnet.flink.model.Ticket;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Head of the chain: from a record of the stream to a sample with its image tensor and its place in
 * the order of arrival. A record that cannot be decoded is an outcome at once. Keeps no state: a
 * checkpoint finds it empty.
 *
 * @param <I> type of the stream's records
 */
final class DecodeOperator<I> extends AbstractStreamOperator<InFlightSample>
    implements OneInputStreamOperator<I, InFlightSample> {

  private static final long serialVersionUID = 1;

  private final SampleDecoder<I> decoder;
  private final TensorSpec image;

  private transient Features tensor;
  private transient int lane;
  private transient long arrivals;
  private transient Counter failures;
  private transient Counter flawed;
  private transient Histogram micros;

  DecodeOperator(
      StreamOperatorParameters<InFlightSample> parameters,
      SampleDecoder<I> decoder,
      TensorSpec image) {
    super(parameters);
    this.decoder = decoder;
    this.image = image;
  }

  @Override
  public void open() throws Exception {
    super.open();
    decoder.open();
    tensor = Features.allocate(List.of(image));
    lane = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    failures = getMetricGroup().counter(MetricNames.DECODE_FAILURES);
    flawed = getMetricGroup().counter(MetricNames.FLAWED_IMAGES);
    micros = Histograms.register(getMetricGroup(), MetricNames.DECODE_MICROS);
  }

  @Override
  public void processElement(StreamRecord<I> element) {
    Ticket ticket = new Ticket(lane, arrivals++);
    long start = System.nanoTime();
    Frame frame;
    try {
      frame = decoder.decode(element.getValue(), tensor);
    } catch (RejectedFrameException e) {
      failures.inc();
      output.collect(StageTags.OUTCOMES, element.replace(Outcome.of(ticket, e.rejection())));
      return;
    } finally {
      micros.update((System.nanoTime() - start) / 1000);
    }
    flawed.inc(decoder.flawed() - flawed.getCount());
    output.collect(element.replace(new InFlightSample(frame, ticket, tensor)));
  }

  @Override
  public void close() throws Exception {
    decoder.close();
    super.close();
  }
}
