package io.boostnet.flink.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceClassTest {

  private static final EventRules THREE_OF_FIVE = EventRules.parse("3/5");

  /** A frame every 200 ms. */
  private static Vote vote(int frame, int label) {
    return vote(frame, label, 0.9f);
  }

  private static Vote vote(int frame, int label, float confidence) {
    return new Vote(200L * frame, frame, label, "class " + label, confidence);
  }

  private static List<Vote> votes(int... labels) {
    List<Vote> votes = new ArrayList<>();
    for (int label : labels) {
      votes.add(vote(votes.size(), label));
    }
    return votes;
  }

  private static List<Vote> votes(List<Integer> labels) {
    return votes(labels.stream().mapToInt(Integer::intValue).toArray());
  }

  private static List<Change> changes(EventRules rules, List<Vote> votes) {
    SourceClass known = SourceClass.unseen();
    List<Change> changes = new ArrayList<>();
    for (Vote vote : votes) {
      SourceClass.Step step = known.step(vote, rules);
      known = step.next();
      if (step.change() != null) {
        changes.add(step.change());
      }
    }
    return changes;
  }

  @Test
  void firstClass_afterEnoughFrames_isAChangeFromNone() {
    List<Change> changes = changes(THREE_OF_FIVE, votes(4, 4, 4, 4));

    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).from()).isEqualTo(SourceClass.NONE);
    assertThat(changes.get(0).to()).isEqualTo(vote(2, 4));
    assertThat(changes.get(0).beganMs()).isZero();
    assertThat(changes.get(0).confidence()).isEqualTo(0.9f);
  }

  /** Three frames in a year's time confirm a class; then the clock goes right again. */
  @Test
  void aClockThatWasAhead_andIsSetBack_silencesTheSourceForAsManyFramesAsTheRuleLooksAt() {
    List<Vote> votes = new ArrayList<>();
    for (int frame = 0; frame < 20; frame++) {
      long aheadMs = frame < 3 ? 31_536_000_000L : 0;
      int label = frame < 3 ? 0 : 1;
      votes.add(new Vote(200L * frame + aheadMs, frame, label, "class " + label, 0.9f));
    }
    List<Change> changes = changes(THREE_OF_FIVE, votes);

    assertThat(changes).extracting(change -> change.to().label()).containsExactly(0, 1);
    assertThat(changes.get(1).to().sequence()).isEqualTo(3 + 5 - 1 + 2);
    assertThat(changes.get(1).beganMs()).isEqualTo(200L * 7);
  }

  /** It would stand among the newest for a year, where all of them have to agree. */
  @Test
  void aFrameFromTheFuture_blocksNoRuleForLong() {
    List<Vote> votes = new ArrayList<>();
    for (int frame = 0; frame < 20; frame++) {
      long aheadMs = frame == 7 ? 31_536_000_000L : 0;
      int label = frame < 7 ? 0 : 1;
      votes.add(new Vote(200L * frame + aheadMs, frame, label, "class " + label, 0.9f));
    }
    List<Change> changes = changes(EventRules.parse("5/5"), votes);

    assertThat(changes).extracting(change -> change.to().label()).containsExactly(0, 1);
    assertThat(changes.get(1).to().sequence()).isLessThan(20);
  }

  /** A producer that counted to a million counts from 0 again, before a frame from the future. */
  @Test
  void aFrameFromTheFuture_afterASequenceThatStartedAgain_blocksNoRuleForLong() {
    List<Vote> votes = new ArrayList<>();
    for (int frame = 0; frame < 30; frame++) {
      long aheadMs = frame == 15 ? 31_536_000_000L : 0;
      long sequence = frame < 10 ? 1_000_000 + frame : frame - 10;
      int label = frame < 16 ? 0 : 1;
      votes.add(new Vote(200L * frame + aheadMs, sequence, label, "class " + label, 0.9f));
    }
    List<Change> changes = changes(EventRules.parse("5/5"), votes);

    assertThat(changes).extracting(change -> change.to().label()).containsExactly(0, 1);
  }

  @Test
  void framesThatComeTwice_areNoClockThatWasSet() {
    List<Vote> votes = new ArrayList<>(votes(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1));
    votes.addAll(votes(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1));

    assertThat(changes(THREE_OF_FIVE, votes)).hasSize(2);
  }

  @Test
  void anotherClass_beganWithItsFirstFrame_andIsConfirmedByItsThird() {
    Change change = changes(THREE_OF_FIVE, votes(0, 0, 0, 0, 1, 1, 0, 1, 1)).get(1);

    assertThat(change.from()).isEqualTo(0);
    assertThat(change.beganMs()).isEqualTo(800);
    assertThat(change.to().timestampMs()).isEqualTo(1400);
  }

  @Test
  void aSingleStrayFrame_isNoChange() {
    assertThat(changes(THREE_OF_FIVE, votes(0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0))).hasSize(1);
  }

  @Test
  void aClassThatDoesNotLast_isNoChange() {
    EventRules rules = THREE_OF_FIVE.lasting(Duration.ofSeconds(1));
    List<Vote> votes = votes(0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0);

    assertThat(changes(THREE_OF_FIVE, votes)).hasSize(3);
    assertThat(changes(rules, votes)).hasSize(1);
  }

  @Test
  void aClassThatLastsLongerThanTheFramesLookedAt_beganWhereItBegan() {
    EventRules rules = THREE_OF_FIVE.lasting(Duration.ofSeconds(3));
    List<Vote> votes = votes(Collections.nCopies(40, 1));

    assertThat(changes(rules, votes)).hasSize(1);
    assertThat(changes(rules, votes).get(0).beganMs()).isZero();
    assertThat(changes(rules, votes).get(0).to().timestampMs()).isEqualTo(3000);
  }

  @Test
  void aFrameOlderThanTheChange_isLate_andCountsForNothing() {
    SourceClass known = SourceClass.unseen();
    for (Vote vote : votes(0, 0, 0)) {
      known = known.step(vote, THREE_OF_FIVE).next();
    }
    SourceClass.Step step = known.step(vote(1, 7), THREE_OF_FIVE);

    assertThat(step.late()).isTrue();
    assertThat(step.next()).isEqualTo(known);
  }

  @Test
  void evidence_ofConfidentFrames_decidesSoonerThanThatOfOthers() {
    EventRules rules = EventRules.parse("evidence:6");
    List<Vote> sure = List.of(vote(0, 1, 0.99f), vote(1, 1, 0.99f));
    List<Vote> unsure = List.of(vote(0, 1, 0.7f), vote(1, 1, 0.7f), vote(2, 1, 0.7f));

    assertThat(changes(rules, sure)).hasSize(1);
    assertThat(changes(rules, unsure)).isEmpty();
  }

  @Property(tries = 300)
  void changes_followEachOther(@ForAll @Size(max = 200) List<@IntRange(max = 3) Integer> labels) {
    List<Change> changes = changes(THREE_OF_FIVE, votes(labels));

    int before = SourceClass.NONE;
    long beforeMs = -1;
    for (Change change : changes) {
      assertThat(change.from()).isEqualTo(before).isNotEqualTo(change.to().label());
      assertThat(change.beganMs()).isGreaterThan(beforeMs);
      assertThat(change.beganMs()).isLessThanOrEqualTo(change.to().timestampMs());
      before = change.to().label();
      beforeMs = change.to().timestampMs();
    }
  }

  @Property(tries = 100)
  void strayFrames_fewerThanEnoughAmongThoseLookedAt_areNoChange(@ForAll long seed) {
    Random random = new Random(seed);
    int[] labels = new int[300];
    for (int i = 5; i + 5 <= labels.length; i += 5) {
      labels[i + random.nextInt(2)] = random.nextInt(3);
    }
    assertThat(changes(THREE_OF_FIVE, votes(labels))).hasSize(1);
  }

  @Property(tries = 100)
  void framesAFewPlacesOutOfOrder_makeTheSameChanges(@ForAll long seed) {
    Random random = new Random(seed);
    EventRules rules = EventRules.parse("6/10");
    int[] labels = new int[400];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i / 40;
    }
    List<Vote> inOrder = votes(labels);
    List<Vote> shuffled = new ArrayList<>();
    for (int i = 0; i < inOrder.size(); i += 3) {
      List<Vote> batch = new ArrayList<>(inOrder.subList(i, Math.min(inOrder.size(), i + 3)));
      Collections.shuffle(batch, random);
      shuffled.addAll(batch);
    }

    assertThat(changes(rules, shuffled))
        .extracting(change -> change.to().label())
        .isEqualTo(changes(rules, inOrder).stream().map(change -> change.to().label()).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "3/65", "2/5", "6/5", "0/0", "a/b", "evidence:0", "evidence:x", ""})
  void aRule_thatCannotBe_isRefused(String text) {
    assertThatThrownBy(() -> EventRules.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
