package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Thresholds;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.annotation.Public;

/**
 * What an image may cost, as a user asks for it. Immutable. Shares are of the full network's cost,
 * above 0 and at most 1.
 */
@Public
public sealed interface Budget extends Serializable {

  /** What {@link #parse} reads. */
  Pattern FORM =
      Pattern.compile(
          "fixed:(?<share>[0-9]{0,4}\\.?[0-9]{1,9})"
              + "|keep-up(:(?<least>[0-9]{0,4}\\.?[0-9]{1,9})-(?<target>[0-9]{0,4}\\.?[0-9]{1,9}))?"
              + "|deadline:(?<ms>[0-9]{1,9})ms");

  /**
   * As users write it: what {@link #parse} gave, it reads again. Constant thresholds are only told,
   * and a keep-up's time to drain is not.
   */
  String words();

  /** Thresholds that never change. */
  static Budget constant(Thresholds thresholds) {
    return new Constant(thresholds);
  }

  /** Mean cost per image of at most a share, and accuracy as high as that allows. */
  static Budget fixed(double share) {
    return new Fixed(share);
  }

  /** What the stream needs: quality falls under a burst and comes back after it. */
  static KeepUp keepUp() {
    return new KeepUp(0.05, 1, Duration.ofSeconds(2));
  }

  /** Each image leaves at the last stage it can finish within a time after its timestamp. */
  static Budget deadline(Duration allowed) {
    return new Deadline(allowed);
  }

  /**
   * Thresholds that never change.
   *
   * @param thresholds the thresholds
   */
  record Constant(Thresholds thresholds) implements Budget {

    @Override
    public String words() {
      return "constant thresholds " + Arrays.toString(thresholds.toArray());
    }
  }

  /**
   * Mean cost per image of at most a share.
   *
   * @param share the share
   */
  record Fixed(double share) implements Budget {

    public Fixed {
      require(isShare(share), words(share), "the share must be above 0 and at most 1");
    }

    @Override
    public String words() {
      return words(share);
    }

    private static String words(double share) {
      return "fixed:" + number(share);
    }
  }

  /**
   * Mean cost as high as the needed rate allows.
   *
   * @param least share below which it does not fall, however large the backlog
   * @param target share above which it does not rise, however idle the hardware
   * @param drain time in which a backlog is to be worked off, at least 1 ms
   */
  record KeepUp(double least, double target, Duration drain) implements Budget {

    public KeepUp {
      require(
          isShare(least) && isShare(target) && least <= target,
          words(least, target),
          "shares must be above 0 and at most 1, the least not above the target");
      requireMillisecond("drain time", drain);
    }

    @Override
    public String words() {
      return words(least, target);
    }

    private static String words(double least, double target) {
      return "keep-up:" + number(least) + "-" + number(target);
    }

    /** The same between other shares. */
    public KeepUp between(double newMin, double newTarget) {
      return new KeepUp(newMin, newTarget, drain);
    }

    /** The same with another time in which a backlog is to be worked off. */
    public KeepUp drainingWithin(Duration newDrain) {
      return new KeepUp(least, target, newDrain);
    }
  }

  /**
   * A time limit per image.
   *
   * @param allowed time from the image's timestamp to its prediction, at least 1 ms
   */
  record Deadline(Duration allowed) implements Budget {

    public Deadline {
      require(
          allowed.compareTo(Duration.ofMillis(1)) >= 0, words(allowed), "at least 1 ms is needed");
    }

    @Override
    public String words() {
      return words(allowed);
    }

    private static String words(Duration allowed) {
      return "deadline:" + allowed.toMillis() + "ms";
    }
  }

  /**
   * A budget as users write it: {@code fixed:0.55}, {@code keep-up}, {@code keep-up:0.25-0.8} or
   * {@code deadline:200ms}.
   *
   * @throws IllegalArgumentException with the text and what is allowed
   */
  static Budget parse(String text) {
    Matcher match = FORM.matcher(text.strip());
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "budget is \"%s\"; fixed:<share>, keep-up, keep-up:<least>-<target> or deadline:<time>ms"
                  .formatted(text)
              + " is needed, such as fixed:0.55, keep-up:0.25-0.8 or deadline:200ms");
    }
    if (match.group("share") != null) {
      return fixed(Double.parseDouble(match.group("share")));
    }
    if (match.group("ms") != null) {
      return deadline(Duration.ofMillis(Long.parseLong(match.group("ms"))));
    }
    return match.group("least") == null
        ? keepUp()
        : keepUp()
            .between(
                Double.parseDouble(match.group("least")),
                Double.parseDouble(match.group("target")));
  }

  private static boolean isShare(double share) {
    return share > 0 && share <= 1;
  }

  private static String number(double share) {
    return Double.isFinite(share)
        ? BigDecimal.valueOf(share).stripTrailingZeros().toPlainString()
        : String.valueOf(share);
  }

  private static void require(boolean usable, String words, String needed) {
    if (!usable) {
      throw new IllegalArgumentException("budget is " + words + "; " + needed);
    }
  }

  private static void requireMillisecond(String name, Duration duration) {
    if (duration.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(name + " is " + duration + "; at least 1 ms is needed");
    }
  }
}
