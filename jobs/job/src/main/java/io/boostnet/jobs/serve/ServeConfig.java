package io.boostnet.jobs.serve;

/**
 * What the Kafka job is told: the keys of its YAML file, with their defaults. A key that is left
 * out takes its default; a wrong value throws {@link IllegalArgumentException} with its name, the
 * value and what is allowed. Immutable.
 *
 * @param bundle directory or .zip of the model bundle, as a path or a URI; one on the submitting
 *     machine's disk is sent along with the job, others the TaskManagers read too; required
 * @param pipeline name in control events, operator ids and transactional ids; default boostnet
 * @param kafka where frames come from and results go to
 * @param inference how frames are classified
 * @param job how Flink runs it
 * @param events when the class of a source counts as another; used where events have a topic
 */
public record ServeConfig(
    String bundle,
    String pipeline,
    KafkaConfig kafka,
    InferenceConfig inference,
    JobConfig job,
    EventConfig events) {

  public ServeConfig {
    Require.text("bundle", bundle, "give the directory or .zip of a model bundle");
    pipeline = pipeline == null ? "boostnet" : pipeline;
    Require.text("pipeline", pipeline, "give a name");
    if (kafka == null) {
      throw new IllegalArgumentException(
          "kafka.bootstrapServers is not set; give the brokers as host:port");
    }
    inference = inference == null ? InferenceConfig.DEFAULT : inference;
    job = job == null ? JobConfig.DEFAULT : job;
    events = events == null ? EventConfig.DEFAULT : events;
    if (events.imageBytes() > 0 && kafka.references() != null) {
      throw new IllegalArgumentException(
          "events.imageBytes is %d and kafka.references is set, whose images no event carries; leave out one of them"
              .formatted(events.imageBytes()));
    }
  }

  /**
   * Checks that there are events to carry images, of a job that makes them for their topic alone.
   *
   * @return this
   * @throws IllegalArgumentException where images would travel for nothing
   */
  public ServeConfig requireEventsOfImages() {
    if (events.imageBytes() > 0 && kafka.topics().events() == null) {
      throw new IllegalArgumentException(
          "events.imageBytes is %d and kafka.topics.events is not set, so that no event is made; name a topic of events, or leave out events.imageBytes"
              .formatted(events.imageBytes()));
    }
    return this;
  }

  /** The default rules of events. */
  public ServeConfig(
      String bundle, String pipeline, KafkaConfig kafka, InferenceConfig inference, JobConfig job) {
    this(bundle, pipeline, kafka, inference, job, null);
  }
}
