package io.boostnet.flink.event;

import io.boostnet.flink.metrics.MetricNames;
import io.boostnet.schema.Event;
import io.boostnet.schema.EventKind;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.RecordHeader;
import java.nio.ByteBuffer;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Events of the predictions of each source, in Flink's keyed state: an event is made once for a
 * change, whatever fails, where source and sink are exactly-once.
 *
 * <p>A frame counts where its event time belongs among the newest of its source, so that neither
 * micro-batches nor a watermark hold an event back, and one camera's clock means nothing to others.
 * What is older than the last change is counted as late, and means nothing.
 *
 * <p>Offline means that no prediction of the source came here for the gap, by the wall clock, while
 * this function ran. It cannot tell a camera that is silent from a topic, a stage or a network
 * behind it that stalls for as long: then sources are offline that were not, and online with the
 * next frame. There the two can be told apart: a frame older than the end of the gap that was told
 * came late, and none was missing. So the gap has to be longer than the job's own pauses. After a
 * restart no source is offline before the job itself has run for the gap.
 */
@Internal
public final class EventFunction extends KeyedProcessFunction<String, Prediction, Event> {

  private static final long serialVersionUID = 1;

  private final EventRules rules;
  private final String imageHeader;
  private transient ValueState<SourceClass> classes;
  private transient ValueState<Presence> presences;
  private transient Counter events;
  private transient Counter late;
  private transient long openedMs;

  /**
   * Events by these rules.
   *
   * @param imageHeader the predictions' header that holds the image of their frame; null for none
   */
  public EventFunction(EventRules rules, String imageHeader) {
    this.rules = rules;
    this.imageHeader = imageHeader;
  }

  @Override
  public void open(OpenContext context) {
    classes = state("class", SourceClass.class);
    presences = state("presence", Presence.class);
    events = getRuntimeContext().getMetricGroup().counter(MetricNames.EVENTS);
    late = getRuntimeContext().getMetricGroup().counter(MetricNames.LATE_FRAMES);
    openedMs = 0;
  }

  private <T> ValueState<T> state(String name, Class<T> type) {
    ValueStateDescriptor<T> cell = new ValueStateDescriptor<>(name, TypeInformation.of(type));
    cell.enableTimeToLive(StateTtlConfig.newBuilder(rules.forget()).build());
    return getRuntimeContext().getState(cell);
  }

  @Override
  public void processElement(Prediction prediction, Context context, Collector<Event> out)
      throws Exception {
    Vote vote =
        new Vote(
            prediction.getTimestampMs(),
            prediction.getSequence(),
            prediction.getLabel(),
            prediction.getLabelName(),
            prediction.getConfidence());
    SourceClass known = classes.value() == null ? SourceClass.unseen() : classes.value();
    if (rules.hasGap()) {
      known = arrived(vote, known, image(prediction), context, out);
    }
    SourceClass.Step step = known.step(vote, rules);
    classes.update(step.next());
    if (step.late()) {
      late.inc();
    }
    if (step.change() != null) {
      Event event = changed(context.getCurrentKey(), step.change());
      event.setImage(step.change().to().equals(vote) ? image(prediction) : null);
      emit(event, out);
    }
  }

  /** Tells of the gap that a frame ends, and has a timer look for the next one. */
  private SourceClass arrived(
      Vote vote, SourceClass known, ByteBuffer image, Context context, Collector<Event> out)
      throws Exception {
    long nowMs = now(context);
    Presence before = presences.value();
    Presence presence =
        before == null ? Presence.began(vote, nowMs) : before.arrived(vote, rules, nowMs);
    SourceClass after = known;
    if (before != null && (before.offline() || before.missed(vote, rules))) {
      String source = context.getCurrentKey();
      if (!before.offline()) {
        emit(offline(source, known, before), out);
      }
      emit(online(source, known, vote, image), out);
      after = known.forgetFrames();
    }
    if (presence.timerMs() == Presence.NO_TIMER) {
      presence = presence.withTimer(setTimer(nowMs, context));
    }
    presences.update(presence);
    return after;
  }

  @Override
  public void onTimer(long timestampMs, OnTimerContext context, Collector<Event> out)
      throws Exception {
    Presence presence = presences.value();
    if (presence == null || presence.offline()) {
      return;
    }
    long nowMs = now(context);
    long sinceMs = Math.max(presence.arrivedMs(), openedMs);
    if (nowMs < sinceMs + rules.gap().toMillis()) {
      presences.update(presence.withTimer(setTimer(sinceMs, context)));
      return;
    }
    SourceClass known = classes.value() == null ? SourceClass.unseen() : classes.value();
    emit(offline(context.getCurrentKey(), known, presence), out);
    presences.update(presence.ceased());
  }

  private long setTimer(long sinceMs, Context context) {
    long dueMs = sinceMs + rules.gap().toMillis();
    context.timerService().registerProcessingTimeTimer(dueMs);
    return dueMs;
  }

  /** The image that came with a frame; null where none did. */
  private ByteBuffer image(Prediction prediction) {
    if (imageHeader == null) {
      return null;
    }
    return prediction.getHeaders().stream()
        .filter(header -> header.getKey().equals(imageHeader))
        .map(RecordHeader::getValue)
        .findFirst()
        .orElse(null);
  }

  /** The first thing that an opened function does with time is to note when that was. */
  private long now(Context context) {
    long nowMs = context.timerService().currentProcessingTime();
    openedMs = openedMs == 0 ? nowMs : openedMs;
    return nowMs;
  }

  private void emit(Event event, Collector<Event> out) {
    events.inc();
    out.collect(event);
  }

  private static Event changed(String source, Change change) {
    boolean first = change.from() == SourceClass.NONE;
    return Event.newBuilder()
        .setSourceId(source)
        .setKind(EventKind.CHANGED)
        .setFromLabel(first ? null : change.from())
        .setFromLabelName(first ? null : change.fromName())
        .setToLabel(change.to().label())
        .setToLabelName(change.to().labelName())
        .setBeganMs(change.beganMs())
        .setConfirmedMs(change.to().timestampMs())
        .setSequence(change.to().sequence())
        .setConfidence(change.confidence())
        .build();
  }

  private Event offline(String source, SourceClass known, Presence presence) {
    return presence(source, EventKind.OFFLINE, known)
        .setBeganMs(presence.newestMs())
        .setConfirmedMs(presence.endOfGapMs(rules))
        .setSequence(presence.newestSequence())
        .build();
  }

  private static Event online(String source, SourceClass known, Vote vote, ByteBuffer image) {
    return presence(source, EventKind.ONLINE, known)
        .setBeganMs(vote.timestampMs())
        .setConfirmedMs(vote.timestampMs())
        .setSequence(vote.sequence())
        .setImage(image)
        .build();
  }

  private static Event.Builder presence(String source, EventKind kind, SourceClass known) {
    Integer label = known.label() == SourceClass.NONE ? null : known.label();
    String name = label == null ? null : known.labelName();
    return Event.newBuilder()
        .setSourceId(source)
        .setKind(kind)
        .setFromLabel(label)
        .setFromLabelName(name)
        .setToLabel(label)
        .setToLabelName(name);
  }
}
