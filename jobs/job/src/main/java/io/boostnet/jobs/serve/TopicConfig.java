package io.boostnet.jobs.serve;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * Names of the topics, checked when it is made: each is one that Kafka takes, and no outcome goes
 * where frames come from or where another kind of outcome goes. Only where predictions go is left
 * to {@link #requirePredictions}, since those of a table go to no topic. Immutable.
 *
 * @param frames images in: a name, several separated by commas, or {@code pattern:} and a regular
 *     expression that whole names match; default frames
 * @param predictions default predictions
 * @param deadLetters what could not be classified; default dead-letters
 * @param controlEvents changes of the thresholds; default control-events
 * @param events changes of what sources show; null where none are made, the default
 */
public record TopicConfig(
    String frames, String predictions, String deadLetters, String controlEvents, String events)
    implements Serializable {

  private static final String PATTERN = "pattern:";

  /** The default names. */
  public static final TopicConfig DEFAULT = new TopicConfig(null, null, null, null);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException with the key, the value and what is allowed
   */
  public TopicConfig {
    frames = frames == null ? "frames" : frames;
    predictions = name("kafka.topics.predictions", predictions, "predictions");
    deadLetters = name("kafka.topics.deadLetters", deadLetters, "dead-letters");
    controlEvents = name("kafka.topics.controlEvents", controlEvents, "control-events");
    events = events == null ? null : name("kafka.topics.events", events, null);
    if (!frames.startsWith(PATTERN)) {
      for (String frame : frames.split(",", -1)) {
        name("kafka.topics.frames", frame, null);
      }
    }
    requireApart(frames, Stream.of(deadLetters, controlEvents, events));
  }

  /**
   * Checks the topic of predictions too, of a job that writes them to one.
   *
   * @return this
   * @throws IllegalArgumentException where it is a topic of frames or of other outcomes
   */
  public TopicConfig requirePredictions() {
    requireApart(frames, Stream.of(predictions, deadLetters, controlEvents, events));
    return this;
  }

  private static void requireApart(String frames, Stream<String> all) {
    List<String> outcomes = all.filter(Objects::nonNull).toList();
    List<String> names = new ArrayList<>();
    if (frames.startsWith(PATTERN)) {
      requireOthers(compile(frames), outcomes);
    } else {
      names.addAll(List.of(frames.split(",")));
    }
    names.addAll(outcomes);
    if (names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException("kafka.topics are " + names + "; give each its own topic");
    }
  }

  /** Without events. */
  public TopicConfig(String frames, String predictions, String deadLetters, String controlEvents) {
    this(frames, predictions, deadLetters, controlEvents, null);
  }

  /** The topics of frames by name; empty where they are a pattern. */
  public List<String> frameTopics() {
    return frames.startsWith(PATTERN) ? List.of() : List.of(frames.split(","));
  }

  /** What the names of the topics of frames match; null where they are given by name. */
  public Pattern framePattern() {
    return frames.startsWith(PATTERN) ? compile(frames) : null;
  }

  private static Pattern compile(String frames) {
    try {
      return Pattern.compile(frames.substring(PATTERN.length()));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "kafka.topics.frames is '%s', which is no regular expression (%s)"
              .formatted(frames, e.getDescription()),
          e);
    }
  }

  private static void requireOthers(Pattern frames, List<String> outcomes) {
    for (String outcome : outcomes) {
      if (frames.matcher(outcome).matches()) {
        throw new IllegalArgumentException(
            "kafka.topics.frames is the pattern '%s', which the topic %s of outcomes matches; let it match topics of frames alone"
                .formatted(frames, outcome));
      }
    }
  }

  private static String name(String key, String given, String otherwise) {
    String name = given == null ? otherwise : given;
    if (!name.matches("[A-Za-z0-9._-]{1,249}")) {
      throw new IllegalArgumentException(
          key + " is '" + name + "'; a topic has 1 to 249 letters, digits, '.', '_' or '-'");
    }
    return name;
  }
}
