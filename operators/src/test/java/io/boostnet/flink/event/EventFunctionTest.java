package io.boostnet.flink.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.schema.Event;
import io.boostnet.schema.EventKind;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.RecordHeader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.Test;

class EventFunctionTest {

  private static final EventRules RULES =
      EventRules.parse("3/5").offlineAfter(Duration.ofSeconds(10));
  private static final long HOUR_MS = 3_600_000;

  private static final class Harness
      extends KeyedOneInputStreamOperatorTestHarness<String, Prediction, Event> {

    Harness(EventRules rules) throws Exception {
      super(
          new KeyedProcessOperator<>(new EventFunction(rules, "image")),
          Prediction::getSourceId,
          Types.STRING);
    }

    static Harness opened(long nowMs, OperatorSubtaskState restored) throws Exception {
      return opened(RULES, nowMs, restored);
    }

    static Harness opened(EventRules rules, long nowMs, OperatorSubtaskState restored)
        throws Exception {
      Harness harness = new Harness(rules);
      if (restored != null) {
        harness.initializeState(restored);
      }
      harness.open();
      harness.setProcessingTime(nowMs);
      return harness;
    }

    /** Frames every 200 ms, that come when they were taken. */
    void frames(String source, int from, int to, int label) throws Exception {
      for (int frame = from; frame < to; frame++) {
        setProcessingTime(Math.max(getProcessingTime(), 1000 + 200L * frame));
        processElement(prediction(source, frame, label), 0);
      }
    }

    List<EventKind> kinds() {
      return extractOutputValues().stream().map(Event::getKind).toList();
    }
  }

  private static Prediction prediction(String source, int frame, int label) {
    return Prediction.newBuilder()
        .setSourceId(source)
        .setSequence(frame)
        .setTimestampMs(1000 + 200L * frame)
        .setLabel(label)
        .setLabelName("class " + label)
        .setConfidence(0.9f)
        .setExit(1)
        .setExits(3)
        .setCost(0.3)
        .setForced(false)
        .setThresholdsVersion(1)
        .setBundle("b")
        .setBundleVersion("1")
        .setSubtask(0)
        .setDecidedAtMs(0)
        .build();
  }

  @Test
  void aChange_isTold_withBothClassesAndItsTimes() throws Exception {
    try (Harness harness = Harness.opened(1000, null)) {
      harness.frames("bay", 0, 10, 0);
      harness.frames("bay", 10, 20, 1);

      List<Event> events = harness.extractOutputValues();
      assertThat(events).hasSize(2);
      Event taken = events.get(1);
      assertThat(taken.getKind()).isEqualTo(EventKind.CHANGED);
      assertThat(taken.getFromLabelName()).isEqualTo("class 0");
      assertThat(taken.getToLabelName()).isEqualTo("class 1");
      assertThat(taken.getBeganMs()).isEqualTo(3000);
      assertThat(taken.getConfirmedMs()).isEqualTo(3400);
      assertThat(taken.getSequence()).isEqualTo(12);
    }
  }

  private static Prediction pictured(int frame, int label) {
    Prediction prediction = prediction("bay", frame, label);
    prediction.setHeaders(
        List.of(
            new RecordHeader("other", ByteBuffer.wrap(new byte[] {99})),
            new RecordHeader("image", ByteBuffer.wrap(new byte[] {(byte) frame}))));
    return prediction;
  }

  @Test
  void image_isThatOfTheFrameThatConfirmed_whereThatCameLast() throws Exception {
    try (Harness harness = Harness.opened(1000, null)) {
      for (int frame : List.of(0, 1, 2)) {
        harness.processElement(pictured(frame, 0), 0);
      }
      for (int frame : List.of(10, 12, 11)) {
        harness.processElement(pictured(frame, 1), 0);
      }
      harness.setProcessingTime(60_000);
      harness.processElement(pictured(100, 1), 0);

      assertThat(harness.kinds())
          .containsExactly(
              EventKind.CHANGED, EventKind.CHANGED, EventKind.OFFLINE, EventKind.ONLINE);
      assertThat(harness.extractOutputValues())
          .extracting(Event::getImage)
          .containsExactly(
              ByteBuffer.wrap(new byte[] {2}), null, null, ByteBuffer.wrap(new byte[] {100}));
    }
  }

  @Test
  void sources_haveClassesOfTheirOwn() throws Exception {
    try (Harness harness = Harness.opened(1000, null)) {
      for (int frame = 0; frame < 10; frame++) {
        harness.frames("a", frame, frame + 1, 0);
        harness.frames("b", frame, frame + 1, 1);
      }
      assertThat(harness.extractOutputValues())
          .extracting(Event::getSourceId)
          .containsExactly("a", "b");
    }
  }

  @Test
  void aSourceWithoutFrames_isOffline_andOnlineAgain() throws Exception {
    try (Harness harness = Harness.opened(1000, null)) {
      harness.frames("bay", 0, 10, 0);
      harness.setProcessingTime(60_000);
      harness.frames("bay", 300, 310, 0);

      assertThat(harness.kinds())
          .containsExactly(EventKind.CHANGED, EventKind.OFFLINE, EventKind.ONLINE);
      Event offline = harness.extractOutputValues().get(1);
      assertThat(offline.getBeganMs()).isEqualTo(2800);
      assertThat(offline.getConfirmedMs()).isEqualTo(12_800);
      assertThat(harness.extractOutputValues().get(2).getBeganMs()).isEqualTo(61_000);
    }
  }

  @Test
  void aPipelineThatStalls_looksOffline_andTheNextFrameShowsThatNoneWasMissing() throws Exception {
    try (Harness harness = Harness.opened(1000, null)) {
      harness.frames("bay", 0, 10, 0);
      harness.setProcessingTime(60_000);
      harness.frames("bay", 10, 20, 0);

      assertThat(harness.kinds())
          .containsExactly(EventKind.CHANGED, EventKind.OFFLINE, EventKind.ONLINE);
      Event offline = harness.extractOutputValues().get(1);
      Event online = harness.extractOutputValues().get(2);
      assertThat(online.getBeganMs()).isLessThan(offline.getConfirmedMs());
    }
  }

  @Test
  void aGapWithinABacklog_isToldByTheFrameAfterIt() throws Exception {
    try (Harness harness = Harness.opened(1_000_000, null)) {
      harness.frames("bay", 0, 10, 0);
      harness.frames("bay", 300, 310, 1);

      assertThat(harness.kinds())
          .containsExactly(
              EventKind.CHANGED, EventKind.OFFLINE, EventKind.ONLINE, EventKind.CHANGED);
    }
  }

  /** A frame of the time before a clock was set back by an hour, or of the time since. */
  private static Prediction timed(int frame, int label, long aheadMs) {
    Prediction prediction = prediction("bay", frame, label);
    prediction.setTimestampMs(prediction.getTimestampMs() + aheadMs);
    return prediction;
  }

  @Test
  void aFrameOfTheTimeBefore_thatComesAfterTheClockWasSetBack_isNoGap() throws Exception {
    try (Harness harness = Harness.opened(1000, null)) {
      for (int frame = 0; frame < 10; frame++) {
        harness.processElement(timed(frame, 0, HOUR_MS), 0);
      }
      for (int frame : List.of(12, 10, 13, 11, 14)) {
        harness.processElement(timed(frame, 0, frame < 12 ? HOUR_MS : 0), 0);
      }
      assertThat(harness.kinds()).containsExactly(EventKind.CHANGED);

      harness.processElement(timed(100, 0, 0), 0);

      assertThat(harness.kinds())
          .containsExactly(EventKind.CHANGED, EventKind.OFFLINE, EventKind.ONLINE);
      assertThat(harness.extractOutputValues().get(1).getSequence()).isEqualTo(14);
    }
  }

  @Test
  void aSequenceThatStartsAgain_afterTheClockWasSetBack_endsAGap() throws Exception {
    try (Harness harness = Harness.opened(1_000_000, null)) {
      harness.processElement(timed(1000, 0, HOUR_MS), 0);
      harness.processElement(timed(1001, 0, 0), 0);
      harness.processElement(timed(0, 0, 300_000), 0);
      harness.processElement(timed(1, 0, 300_000), 0);
      harness.processElement(timed(2, 0, 600_000), 0);

      assertThat(harness.kinds())
          .containsExactly(
              EventKind.OFFLINE, EventKind.ONLINE, EventKind.OFFLINE, EventKind.ONLINE);
      assertThat(harness.extractOutputValues())
          .extracting(Event::getSequence)
          .containsExactly(1001L, 0L, 1L, 2L);
    }
  }

  /** Ten frames of a class, in a state that knew of no old time. */
  @Test
  void aStateOfBefore_isRestored() throws Exception {
    String file = getClass().getResource("/savepoints/events.snapshot").getPath();
    try (Harness harness = Harness.opened(2800, OperatorSnapshotUtil.readStateHandle(file))) {
      harness.frames("bay", 10, 20, 1);
      harness.frames("bay", 300, 301, 1);

      assertThat(harness.kinds())
          .containsExactly(EventKind.CHANGED, EventKind.OFFLINE, EventKind.ONLINE);
      assertThat(harness.extractOutputValues().get(0).getFromLabelName()).isEqualTo("class 0");
      assertThat(harness.extractOutputValues().get(1).getSequence()).isEqualTo(19);
    }
  }

  @Test
  void framesThatComeTwiceOrTooLate_makeNoEvent() throws Exception {
    try (Harness harness = Harness.opened(1000, null)) {
      harness.frames("bay", 0, 10, 0);
      harness.frames("bay", 0, 10, 1);

      assertThat(harness.extractOutputValues()).hasSize(1);
    }
  }

  @Test
  void aSnapshotAnywhere_makesTheEventsOfARunWithoutIt() throws Exception {
    List<Integer> cuts = IntStream.range(0, 30).boxed().toList();
    List<Event> whole;
    try (Harness harness = Harness.opened(1000, null)) {
      harness.frames("bay", 0, 15, 0);
      harness.frames("bay", 15, 30, 1);
      whole = harness.extractOutputValues();
    }
    for (int cut : cuts) {
      OperatorSubtaskState snapshot;
      List<Event> events;
      try (Harness before = Harness.opened(1000, null)) {
        before.frames("bay", 0, Math.min(cut, 15), 0);
        before.frames("bay", 15, Math.max(15, cut), 1);
        snapshot = before.snapshot(1, 1);
        events = new ArrayList<>(before.extractOutputValues());
      }
      try (Harness after = Harness.opened(1000 + 200L * cut, snapshot)) {
        after.frames("bay", Math.min(cut, 15), 15, 0);
        after.frames("bay", Math.max(15, cut), 30, 1);
        events.addAll(after.extractOutputValues());
      }
      assertThat(events).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  /** What happens at a processing time: a frame of a class comes, or nothing but time passes. */
  private record Step(long timeMs, int frame, int label) {

    void run(Harness harness) throws Exception {
      harness.setProcessingTime(timeMs);
      if (frame >= 0) {
        harness.processElement(prediction("bay", frame, label), 0);
      }
    }
  }

  /** A class, another that has to last for a second, a gap that a timer tells, another class. */
  private static List<Step> candidateAndGap() {
    List<Step> steps = new ArrayList<>();
    for (int frame = 0; frame < 20; frame++) {
      steps.add(new Step(1000 + 200L * frame, frame, frame < 8 ? 0 : 1));
    }
    for (long timeMs = 6000; timeMs < 60_000; timeMs += 3000) {
      steps.add(new Step(timeMs, -1, 0));
    }
    for (int frame = 300; frame < 310; frame++) {
      steps.add(new Step(1000 + 200L * frame, frame, 0));
    }
    return steps;
  }

  @Test
  void aSnapshotWithACandidateOrWithinAGap_makesTheEventsOfARunWithoutIt() throws Exception {
    EventRules rules = RULES.lasting(Duration.ofSeconds(1));
    List<Step> steps = candidateAndGap();
    List<Event> whole;
    try (Harness harness = Harness.opened(rules, 1000, null)) {
      for (Step step : steps) {
        step.run(harness);
      }
      whole = harness.extractOutputValues();
      assertThat(harness.kinds())
          .containsExactly(
              EventKind.CHANGED,
              EventKind.CHANGED,
              EventKind.OFFLINE,
              EventKind.ONLINE,
              EventKind.CHANGED);
    }
    for (int cut = 1; cut < steps.size(); cut++) {
      OperatorSubtaskState snapshot;
      List<Event> events;
      try (Harness before = Harness.opened(rules, 1000, null)) {
        for (Step step : steps.subList(0, cut)) {
          step.run(before);
        }
        snapshot = before.snapshot(1, 1);
        events = new ArrayList<>(before.extractOutputValues());
      }
      try (Harness after = Harness.opened(rules, steps.get(cut - 1).timeMs(), snapshot)) {
        for (Step step : steps.subList(cut, steps.size())) {
          step.run(after);
        }
        events.addAll(after.extractOutputValues());
      }
      assertThat(events).as("cut behind step %d", cut).isEqualTo(whole);
    }
  }

  @Test
  void aJobThatWasDown_doesNotTakeItsSourcesForOffline() throws Exception {
    OperatorSubtaskState snapshot;
    try (Harness before = Harness.opened(1000, null)) {
      before.frames("bay", 0, 10, 0);
      snapshot = before.snapshot(1, 1);
    }
    try (Harness after = Harness.opened(600_000, snapshot)) {
      assertThat(after.extractOutputValues()).isEmpty();
      after.setProcessingTime(605_000);
      assertThat(after.extractOutputValues()).isEmpty();
      after.setProcessingTime(611_000);
      assertThat(after.kinds()).containsExactly(EventKind.OFFLINE);
    }
  }
}
