package io.boostnet.jobs.serve;

import picocli.CommandLine.Option;

/** Options that say which topics a deployment reads frames from and writes their outcomes to. */
public final class OutcomeTopicOptions {

  @Option(names = "--frames-topic", description = "Default: ${DEFAULT-VALUE}.")
  private String frames = ServeConfig.Topics.DEFAULT.frames();

  @Option(names = "--predictions-topic", description = "Default: ${DEFAULT-VALUE}.")
  private String predictions = ServeConfig.Topics.DEFAULT.predictions();

  @Option(names = "--dead-letters-topic", description = "Default: ${DEFAULT-VALUE}.")
  private String deadLetters = ServeConfig.Topics.DEFAULT.deadLetters();

  /** Them, and the usual topic of control events. */
  public ServeConfig.Topics toTopics() {
    return withControlEvents(ServeConfig.Topics.DEFAULT.controlEvents());
  }

  /** Them, and a topic of control events. */
  public ServeConfig.Topics withControlEvents(String controlEvents) {
    return new ServeConfig.Topics(frames, predictions, deadLetters, controlEvents);
  }
}
