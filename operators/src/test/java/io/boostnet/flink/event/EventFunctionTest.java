package io.boostnet.flink.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.schema.Event;
import io.boostnet.schema.EventKind;
import io.boostnet.schema.Prediction;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class EventFunctionTest {

  private static final EventRules RULES =
      EventRules.parse("3/5").offlineAfter(Duration.ofSeconds(10));

  private static final class Harness
      extends KeyedOneInputStreamOperatorTestHarness<String, Prediction, Event> {

    Harness() throws Exception {
      super(
          new KeyedProcessOperator<>(new EventFunction(RULES)),
          Prediction::getSourceId,
          Types.STRING);
    }

    static Harness opened(long nowMs, OperatorSubtaskState restored) throws Exception {
      Harness harness = new Harness();
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
  void aGapWithinABacklog_isToldByTheFrameAfterIt() throws Exception {
    try (Harness harness = Harness.opened(1_000_000, null)) {
      harness.frames("bay", 0, 10, 0);
      harness.frames("bay", 300, 310, 1);

      assertThat(harness.kinds())
          .containsExactly(
              EventKind.CHANGED, EventKind.OFFLINE, EventKind.ONLINE, EventKind.CHANGED);
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
        events = new java.util.ArrayList<>(before.extractOutputValues());
      }
      try (Harness after = Harness.opened(1000 + 200L * cut, snapshot)) {
        after.frames("bay", Math.min(cut, 15), 15, 0);
        after.frames("bay", Math.max(15, cut), 30, 1);
        events.addAll(after.extractOutputValues());
      }
      assertThat(events).as("cut at %d", cut).isEqualTo(whole);
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
