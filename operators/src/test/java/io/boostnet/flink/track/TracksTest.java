package io.boostnet.flink.track;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.options.Tracking;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TracksTest {

  private static final Tracking SKIP_TWO = Tracking.parse("source").skipping(2);
  private static final Tracking STILL = Tracking.NONE.unchangedWithin(3, Duration.ofSeconds(10));
  private static final float[] DARK = {10, 10};
  private static final float[] BRIGHT = {10, 90};

  private final List<String> log = new ArrayList<>();
  private long ticket;

  private static Decision decision(int label) {
    return new Decision(
        "camera", 0, 0, -1, label, List.of(), 0.9f, 1, false, 1, 0, 0, Baggage.NONE);
  }

  /** Sure of class 0 after three frames. */
  private static FloatBuffer sure() {
    return FloatBuffer.wrap(new float[] {9, 0, 0});
  }

  private Tracks.Settled<String> decide(Tracks<String> tracks, long number) {
    return tracks.decided(number, decision(0), sure(), 0, 3);
  }

  /** A frame that is run or inherits, as one stage after the other would have it. */
  private boolean runs(Tracks<String> tracks, String name) {
    Track track = tracks.seen("camera", 0);
    if (tracks.skips(track)) {
      log.add(name + (tracks.inherit(track, name) == null ? " waits" : " inherits"));
      return false;
    }
    tracks.run(track, ticket++, null, 0);
    return true;
  }

  @Test
  void aSureTrack_skipsSoManyFrames_andRunsTheNext() {
    Tracks<String> tracks = new Tracks<>(SKIP_TWO, 1);
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      boolean run = runs(tracks, "frame " + i);
      pattern.append(run ? 'R' : '-');
      if (run) {
        decide(tracks, ticket - 1);
      }
    }
    assertThat(pattern).hasToString("RR--R--R--R-");
  }

  @Test
  void aFrameThatInherits_waitsForTheOneBeforeIt() {
    Tracks<String> tracks = new Tracks<>(SKIP_TWO, 1);
    for (int i = 0; i < 3; i++) {
      if (runs(tracks, "early")) {
        decide(tracks, ticket - 1);
      }
    }
    runs(tracks, "early");
    log.clear();
    assertThat(runs(tracks, "run")).isTrue();
    assertThat(runs(tracks, "next")).isFalse();
    assertThat(log).containsExactly("next waits");

    Tracks.Settled<String> settled = decide(tracks, ticket - 1);
    assertThat(settled.followers()).containsExactly("next");
    assertThat(tracks.inFlight()).isZero();
  }

  @Test
  void aFrameThatFails_failsThoseThatWait_andTheNextIsRun() {
    Tracks<String> tracks = new Tracks<>(STILL, 1);
    Track track = tracks.seen("camera", 0);
    tracks.run(track, 0, DARK, 0);
    assertThat(tracks.isUnchanged(track, DARK, 200)).isTrue();
    assertThat(tracks.inherit(track, "second")).isNull();

    assertThat(tracks.failed(0)).containsExactly("second");
    assertThat(tracks.isUnchanged(track, DARK, 400)).isFalse();
  }

  @Test
  void pixels_areComparedWithTheFrameThatWasRun_untilTheSilenceEnds() {
    Tracks<String> tracks = new Tracks<>(STILL, 1);
    Track track = tracks.seen("camera", 0);
    tracks.run(track, 0, DARK, 0);
    decide(tracks, 0);

    assertThat(tracks.isUnchanged(track, DARK, 9_999)).isTrue();
    assertThat(tracks.isUnchanged(track, DARK, 10_000)).isFalse();
    assertThat(tracks.isUnchanged(track, DARK, -10_000)).as("a clock that went back").isFalse();
    assertThat(tracks.isUnchanged(track, BRIGHT, 200)).isFalse();
    assertThat(tracks.inherit(track, "frame").label()).isZero();
  }

  @Test
  void aDecisionThatComesLate_isNotInherited_whereANewerFrameHasOne() {
    Tracks<String> tracks = new Tracks<>(STILL, 1);
    Track track = tracks.seen("camera", 0);
    tracks.run(track, 0, DARK, 0);
    tracks.run(track, 1, BRIGHT, 200);
    tracks.decided(1, decision(2), sure(), 0, 3);
    tracks.decided(0, decision(1), sure(), 0, 3);

    assertThat(tracks.inherit(track, "frame").label()).isEqualTo(2);
  }

  @Test
  void aTrackWithoutFrames_isForgotten() {
    Tracks<String> tracks = new Tracks<>(SKIP_TWO, 1);
    tracks.seen("a", 0);
    tracks.seen("b", 59_000);
    assertThat(tracks.size()).isEqualTo(2);
    tracks.seen("b", 61_000);
    assertThat(tracks.size()).isEqualTo(1);
  }

  @Property(tries = 50)
  void rescaledAnyNumberOfTimes_everyTrackIsKept_asItWasNewest(@ForAll long seed) {
    Random random = new Random(seed);
    int keys = 20;
    long nowMs = 0;
    List<TrackState> stored = List.of();
    int[] newest = new int[keys];
    for (int round = 1; round <= 4; round++) {
      int parallelism = 1 + random.nextInt(4);
      List<TrackState> next = new ArrayList<>();
      List<Tracks<String>> subtasks = new ArrayList<>();
      for (int i = 0; i < parallelism; i++) {
        Tracks<String> tracks = new Tracks<>(STILL, 1);
        tracks.restore(stored, nowMs);
        subtasks.add(tracks);
      }
      for (int key = 0; key < keys; key++) {
        if (round == 1 || random.nextInt(3) == 0) {
          Tracks<String> tracks = subtasks.get(random.nextInt(parallelism));
          Track track = tracks.seen("track " + key, ++nowMs);
          tracks.run(track, 1000L * round + key, null, nowMs);
          tracks.decided(1000L * round + key, decision(round), sure(), 0, 3);
          newest[key] = round;
        }
      }
      for (int i = 0; i < parallelism; i++) {
        next.addAll(subtasks.get(i).snapshot(i, parallelism));
      }
      stored = next;
      assertThat(stored).hasSizeLessThanOrEqualTo(2 * keys);
    }
    Tracks<String> last = new Tracks<>(STILL, 1);
    last.restore(stored, nowMs);
    assertThat(last.size()).isEqualTo(keys);
    for (int key = 0; key < keys; key++) {
      Track track = last.seen("track " + key, nowMs);
      assertThat(last.inherit(track, "frame").label()).isEqualTo(newest[key]);
    }
  }
}
