package io.boostnet.flink.event;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.annotation.Internal;

/**
 * The confirmed class of a source, and what its newest frames say: one cell of Flink's keyed state.
 * Immutable.
 *
 * <p>A frame is put where its event time belongs among the newest, so that their order of arrival
 * does not count. For a class c that is not the confirmed one, weights are summed over them,
 *
 * <pre>
 *   S = max(0, S + w) for a frame of c,   max(0, S - w) for any other,
 *   w = 1, or log(p / (1 - p)) of the frame's confidence p where the rule asks for evidence
 * </pre>
 *
 * which is Page's cumulative sum (Biometrika 1954): c began behind the frame at which S was last 0.
 * It is confirmed once the rule has enough of its frames, or S reaches the evidence asked for, and
 * it has lasted. The confirmed class has to be left by the same rule, and that is the hysteresis.
 *
 * <p>Time that goes back while the sequence goes on is a clock that was set, or a glitch that was
 * ahead. After as many such frames in a row as the rule looks at, the source is taken at its new
 * time: else one frame from the future would silence it until then. A sequence that starts again
 * with a newer time goes on from there.
 *
 * @param label index of the class; {@link #NONE} where there is none yet
 * @param labelName its name; empty where there is none
 * @param decidedMs event time of the frame that confirmed it: one not newer comes too late
 * @param votes the newest frames since the class began, by event time
 * @param candidate a class that has enough and has not lasted yet; {@link #NONE} where there is
 *     none
 * @param candidateMs event time of the frame that it began with
 * @param newestSequence largest sequence of a frame since the last that had a smaller one and the
 *     newest time
 * @param setBack frames in a row that had the largest sequence and not the newest time
 */
@Internal
public record SourceClass(
    int label,
    String labelName,
    long decidedMs,
    List<Vote> votes,
    int candidate,
    long candidateMs,
    long newestSequence,
    int setBack) {

  /** No class. */
  static final int NONE = -1;

  private static final long NEVER = Long.MIN_VALUE;

  /** Of a source that was never seen. */
  public static SourceClass unseen() {
    return new SourceClass(NONE, "", NEVER, List.of(), NONE, NEVER, NEVER, 0);
  }

  /**
   * What a frame led to.
   *
   * @param next what is known from now on
   * @param change null where the class is what it was
   * @param late whether the frame was not counted: older than what is decided or remembered, or
   *     there already
   */
  public record Step(SourceClass next, Change change, boolean late) {}

  /** Counts a frame. */
  public Step step(Vote vote, EventRules rules) {
    SourceClass seen = seen(vote);
    if (seen.setBack >= rules.of()) {
      return seen.from(NEVER, List.of()).step(vote, rules);
    }
    int place = Collections.binarySearch(votes, vote, Vote.IN_ORDER);
    boolean full = votes.size() == rules.of();
    if (vote.timestampMs() <= decidedMs || place >= 0 || full && place == -1) {
      return new Step(seen, null, true);
    }
    List<Vote> newest = new ArrayList<>(votes);
    newest.add(-place - 1, vote);
    if (full) {
      newest.remove(0);
    }
    return seen.decide(List.copyOf(newest), rules);
  }

  /** Takes note of sequence and clock alone. */
  private SourceClass seen(Vote vote) {
    long newestMs = votes.isEmpty() ? decidedMs : votes.get(votes.size() - 1).timestampMs();
    boolean goesOn = vote.sequence() > newestSequence;
    boolean newest = goesOn || vote.timestampMs() > newestMs;
    int back = setBack;
    if (goesOn) {
      back = vote.timestampMs() < newestMs ? setBack + 1 : 0;
    }
    return new SourceClass(
        label,
        labelName,
        decidedMs,
        votes,
        candidate,
        candidateMs,
        newest ? vote.sequence() : newestSequence,
        back);
  }

  private SourceClass from(long newDecidedMs, List<Vote> newVotes) {
    return new SourceClass(
        label, labelName, newDecidedMs, newVotes, NONE, NEVER, newestSequence, 0);
  }

  /** The same without its frames: those before a gap say nothing of those after it. */
  SourceClass forgetFrames() {
    return from(decidedMs, List.of());
  }

  private Step decide(List<Vote> newest, EventRules rules) {
    for (int i = newest.size() - 1; i >= 0; i--) {
      int rival = newest.get(i).label();
      if (rival != label) {
        Support support = Support.of(rival, newest, rules);
        if (support.isEnough()) {
          return confirm(newest, support, rules);
        }
      }
    }
    return new Step(remember(newest, NONE, NEVER), null, false);
  }

  private Step confirm(List<Vote> newest, Support support, EventRules rules) {
    Vote to = support.newest();
    long beganMs = support.label() == candidate ? candidateMs : support.beganMs();
    if (to.timestampMs() - beganMs < rules.shortest().toMillis()) {
      return new Step(remember(newest, support.label(), beganMs), null, false);
    }
    Change change = new Change(label, labelName, to, beganMs, support.confidence());
    SourceClass next =
        new SourceClass(
            to.label(),
            to.labelName(),
            to.timestampMs(),
            support.votes(),
            NONE,
            NEVER,
            newestSequence,
            setBack);
    return new Step(next, change, false);
  }

  private SourceClass remember(List<Vote> newest, int rival, long beganMs) {
    return new SourceClass(
        label, labelName, decidedMs, newest, rival, beganMs, newestSequence, setBack);
  }

  /**
   * What speaks for a class.
   *
   * @param votes the frames since it began
   */
  private record Support(int label, List<Vote> votes, boolean isEnough) {

    static Support of(int label, List<Vote> newest, EventRules rules) {
      int began = 0;
      int frames = 0;
      double sum = 0;
      for (int i = 0; i < newest.size(); i++) {
        Vote vote = newest.get(i);
        double weight = rules.evidence() > 0 ? vote.logOdds() : 1;
        sum += vote.label() == label ? weight : -weight;
        frames += vote.label() == label ? 1 : 0;
        if (sum <= 0) {
          sum = 0;
          began = i + 1;
        }
      }
      boolean enough =
          began < newest.size()
              && (rules.evidence() > 0 ? sum >= rules.evidence() : frames >= rules.enough());
      return new Support(label, newest.subList(began, newest.size()), enough);
    }

    long beganMs() {
      return votes.get(0).timestampMs();
    }

    float confidence() {
      return (float) own().mapToDouble(Vote::confidence).average().orElseThrow();
    }

    Vote newest() {
      return own().reduce((older, newer) -> newer).orElseThrow();
    }

    private Stream<Vote> own() {
      return votes.stream().filter(vote -> vote.label() == label);
    }
  }
}
