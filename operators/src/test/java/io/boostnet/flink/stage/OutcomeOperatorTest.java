package io.boostnet.flink.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.model.Outcome;
import io.boostnet.flink.model.Ticket;
import io.boostnet.flink.options.OutputOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class OutcomeOperatorTest {

  private static OneInputStreamOperatorTestHarness<ChainElement, Decision> open(OutputOrder order)
      throws Exception {
    var harness =
        new OneInputStreamOperatorTestHarness<ChainElement, Decision>(
            new OutcomeOperatorFactory(order));
    harness.open();
    return harness;
  }

  private static Outcome outcome(int lane, long number) {
    return Outcome.of(
        new Ticket(lane, number),
        new Decision(
            "camera-" + lane, number, 0, -1, 0, List.of(), 1, 1, false, 1, lane, 0, Baggage.NONE));
  }

  private static List<Long> sequences(
      OneInputStreamOperatorTestHarness<ChainElement, Decision> harness, int lane) {
    return harness.extractOutputValues().stream()
        .filter(decision -> decision.subtask() == lane)
        .map(Decision::sequence)
        .toList();
  }

  @Property(tries = 50)
  void ordered_anyOrderOfExits_givesTheOrderOfArrivalOfEveryLane(
      @ForAll @IntRange(min = 1, max = 60) int frames, @ForAll long seed) throws Exception {
    List<Outcome> shuffled = new ArrayList<>();
    for (int lane = 0; lane < 2; lane++) {
      for (int i = 0; i < frames; i++) {
        shuffled.add(outcome(lane, i));
      }
    }
    Collections.shuffle(shuffled, new Random(seed));
    List<Long> inOrder = IntStream.range(0, frames).mapToObj(i -> (long) i).toList();

    try (var harness = open(OutputOrder.ORDERED)) {
      for (Outcome outcome : shuffled) {
        harness.processElement(new StreamRecord<>(outcome));
      }
      assertThat(sequences(harness, 0)).isEqualTo(inOrder);
      assertThat(sequences(harness, 1)).isEqualTo(inOrder);
      harness.prepareSnapshotPreBarrier(1);
    }
  }

  @Test
  void ordered_barrierWithAGap_isRefused() throws Exception {
    try (var harness = open(OutputOrder.ORDERED)) {
      harness.processElement(new StreamRecord<>(outcome(0, 1)));
      assertThatThrownBy(() -> harness.prepareSnapshotPreBarrier(1))
          .hasMessageContaining("aligned checkpoints");
    }
  }

  @Test
  void unordered_letsEasyFramesOvertake() throws Exception {
    try (var harness = open(OutputOrder.UNORDERED)) {
      harness.processElement(new StreamRecord<>(outcome(0, 1)));
      harness.processElement(new StreamRecord<>(outcome(0, 0)));
      assertThat(sequences(harness, 0)).containsExactly(1L, 0L);
    }
  }
}
