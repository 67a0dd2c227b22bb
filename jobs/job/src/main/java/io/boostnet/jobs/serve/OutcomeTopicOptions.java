package io.boostnet.jobs.serve;

import picocli.CommandLine.Option;

/** Options that say which topics a deployment reads frames from and writes their outcomes to. */
public final class OutcomeTopicOptions {

  @Option(names = "--frames-topic", description = "Default: ${DEFAULT-VALUE}.")
  private String frames = TopicConfig.DEFAULT.frames();

  @Option(names = "--predictions-topic", description = "Default: ${DEFAULT-VALUE}.")
  private String predictions = TopicConfig.DEFAULT.predictions();

  @Option(names = "--dead-letters-topic", description = "Default: ${DEFAULT-VALUE}.")
  private String deadLetters = TopicConfig.DEFAULT.deadLetters();

  /** Them, and the usual topic of control events. */
  public TopicConfig toTopics() {
    return withControlEvents(TopicConfig.DEFAULT.controlEvents());
  }

  /** Them, and a topic of control events. */
  public TopicConfig withControlEvents(String controlEvents) {
    return new TopicConfig(frames, predictions, deadLetters, controlEvents);
  }
}
