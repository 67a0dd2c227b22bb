package io.boostnet.flink.stage;

import io.boostnet.flink.metrics.Histograms;
import io.boostnet.flink.metrics.MetricNames;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Outcome;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.Ticket;
import io.boostnet.flink.track.BlockMeans;
import io.boostnet.flink.track.Track;
import io.boostnet.flink.track.TrackState;
import io.boostnet.flink.track.Tracks;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Head of the chain: from a record of the stream to a sample with its image tensor and its place in
 * the order of arrival. A record that cannot be decoded is an outcome at once, and so is a frame
 * that inherits a decision of its track.
 *
 * <p>Its state are the tracks, in a list that every subtask gets whole when it is restored, since a
 * track may come to any of them, and the network that decided them: those of another are dropped.
 * Where there are none it has no state.
 *
 * @param <I> type of the stream's records
 */
final class DecodeOperator<I> extends AbstractStreamOperator<ChainElement>
    implements OneInputStreamOperator<I, ChainElement> {

  private static final long serialVersionUID = 1;

  private final SampleDecoder<I> decoder;
  private final DecodeSettings settings;

  private transient ChainedStages chained;
  private transient TrackedFrames tracked;
  private transient BlockMeans blocks;
  private transient ListState<TrackState> stored;
  private transient ListState<String> storedNetwork;
  private transient List<TrackState> restored;
  private transient Features tensor;
  private transient int lane;
  private transient long arrivals;
  private transient Counter failures;
  private transient Counter flawed;
  private transient Counter inherited;
  private transient Histogram micros;

  DecodeOperator(
      StreamOperatorParameters<ChainElement> parameters,
      SampleDecoder<I> decoder,
      DecodeSettings settings) {
    super(parameters);
    this.decoder = decoder;
    this.settings = settings;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    restored = new ArrayList<>();
    if (settings.control().tracking().isOn()) {
      stored =
          context
              .getOperatorStateStore()
              .getUnionListState(
                  new ListStateDescriptor<>("tracks", TypeInformation.of(TrackState.class)));
      storedNetwork =
          context
              .getOperatorStateStore()
              .getUnionListState(new ListStateDescriptor<>("network", String.class));
      if (isOfThisNetwork(storedNetwork.get())) {
        stored.get().forEach(restored::add);
      }
    }
  }

  /** What another network said of a track is nothing that its frames may inherit. */
  private boolean isOfThisNetwork(Iterable<String> networks) {
    for (String network : networks) {
      if (!network.equals(settings.network())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void open() throws Exception {
    super.open();
    decoder.open();
    tensor = Features.allocate(List.of(settings.image()));
    lane = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    failures = getMetricGroup().counter(MetricNames.DECODE_FAILURES);
    flawed = getMetricGroup().counter(MetricNames.FLAWED_IMAGES);
    micros = Histograms.register(getMetricGroup(), MetricNames.DECODE_MICROS);
    inherited = getMetricGroup().counter(MetricNames.INHERITED);
    Environment task = getContainingTask().getEnvironment();
    chained = ChainedStages.joinAsHead(task, settings.control().plan().pipeline(), this);
    tracked = TrackedFrames.join(task, settings.control(), this);
    if (tracked != null) {
      tracked.tracks().restore(restored, now());
      blocks = tracked.tracks().comparesPixels() ? new BlockMeans(settings.preprocessing()) : null;
    }
    restored = null;
  }

  @Override
  public void processElement(StreamRecord<I> element) {
    chained.took();
    Ticket ticket = new Ticket(lane, arrivals++);
    long start = System.nanoTime();
    Frame frame;
    Track inherits = null;
    try {
      EncodedFrame encoded = decoder.read(element.getValue());
      frame = encoded.frame();
      Track track = tracked == null ? null : tracked.of(frame, now());
      if (track != null && tracked.tracks().skips(track)) {
        inherits = track;
      } else {
        decoder.decode(encoded, tensor);
        inherits = track != null && isUnchanged(track, frame, ticket) ? track : null;
      }
    } catch (RejectedFrameException e) {
      decodedSince(start);
      failures.inc();
      output.collect(element.replace(Outcome.of(ticket, e.rejection())));
      return;
    }
    decodedSince(start);
    if (inherits != null) {
      inherit(inherits, frame, ticket, element);
      return;
    }
    flawed.inc(decoder.flawed() - flawed.getCount());
    output.collect(element.replace(new InFlightSample(frame, ticket, tensor)));
  }

  /** Before anything is emitted: what is emitted may be encoded and sent within that call. */
  private void decodedSince(long startNanos) {
    micros.update((System.nanoTime() - startNanos) / 1000);
  }

  /** Whether a decoded frame inherits; else its track knows that it is run. */
  private boolean isUnchanged(Track track, Frame frame, Ticket ticket) {
    Tracks<WaitingRow> tracks = tracked.tracks();
    float[] means = blocks == null ? null : blocks.of(tensor.tensors()[0]);
    if (means != null && tracks.isUnchanged(track, means, frame.timestampMs())) {
      return true;
    }
    tracks.run(track, ticket.number(), means, frame.timestampMs());
    return false;
  }

  private void inherit(Track track, Frame frame, Ticket ticket, StreamRecord<I> element) {
    inherited.inc();
    WaitingRow row = WaitingRow.of(frame, ticket, element, System.nanoTime());
    Outcome outcome = tracked.inherit(track, row, lane, now());
    if (outcome != null) {
      output.collect(row.record(outcome));
    }
  }

  private long now() {
    return getProcessingTimeService().getCurrentProcessingTime();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    if (tracked != null) {
      TaskInfo task = getRuntimeContext().getTaskInfo();
      stored.update(tracked.tracks().snapshot(lane, task.getNumberOfParallelSubtasks()));
      storedNetwork.update(List.of(settings.network()));
    }
  }

  @Override
  public void close() throws Exception {
    if (chained != null) {
      chained.leave(this);
      chained = null;
    }
    if (tracked != null) {
      tracked.leave(this);
      tracked = null;
    }
    decoder.close();
    super.close();
  }
}
