package io.boostnet.jobs.serve;

import java.util.Arrays;
import java.util.List;

/**
 * Every key of a {@link ServeConfig}, in the order in which a person reads them: the one home of
 * names, options, defaults and descriptions. {@code serve --help}, the reader of the YAML file and
 * {@code docs/configuration.md} are made of it.
 */
public enum ConfigKey {
  BUNDLE("bundle", "Model bundle: directory or .zip, path or URI.", required()),
  PIPELINE(
      "pipeline",
      "Name of the pipeline: in control events, operator ids and transactional ids.",
      byDefault("boostnet")),

  BOOTSTRAP_SERVERS(
      "kafka.bootstrapServers",
      "Kafka brokers as host:port, separated by commas.",
      required(),
      "--bootstrap",
      "--bootstrap-servers"),
  FRAMES(
      "kafka.topics.frames",
      "Topic of the frames: a name, several separated by commas, or pattern: and a regular"
          + " expression.",
      byDefault("frames"),
      "--frames-topic"),
  PREDICTIONS(
      "kafka.topics.predictions",
      "Topic of the predictions.",
      byDefault("predictions"),
      "--predictions-topic"),
  DEAD_LETTERS(
      "kafka.topics.deadLetters",
      "Topic of what could not be classified.",
      byDefault("dead-letters"),
      "--dead-letters-topic"),
  CONTROL_EVENTS(
      "kafka.topics.controlEvents",
      "Topic of the changes of the thresholds.",
      byDefault("control-events"),
      "--control-topic"),
  EVENTS(
      "kafka.topics.events",
      "Topic of the changes of what sources show; without it none are made.",
      none(),
      "--events-topic"),
  PARTITIONS("kafka.partitions", "Partitions of topics that must be created.", byDefault("2")),
  GROUP_ID("kafka.groupId", "Consumer group.", byDefault("boostnet"), "--group"),
  START(
      "kafka.start",
      "Where a job without a checkpoint starts: earliest, latest, an instant, or committed: at the"
          + " group's offsets, at the earliest where it has none.",
      byDefault("committed")),
  STOP(
      "kafka.stop",
      "Where the job ends: never, or latest for what is on the topics when it starts.",
      byDefault("never")),
  DELIVERY("kafka.delivery", "exactly-once or at-least-once.", byDefault("exactly-once")),
  CLIENT_PROPERTIES(
      "kafka.clientProperties",
      "Kafka client properties files (TLS, SASL), separated by commas.",
      list()),
  FORWARD_HEADERS(
      "kafka.forwardHeaders",
      "Headers that travel from a frame's record to its prediction or dead letter; a star at the"
          + " end stands for any rest.",
      list()),

  FRAMES_FORMAT(
      "kafka.format.frames",
      "What a frame's record is: avro, image, json, registry or cloudevents.",
      byDefault("avro"),
      "--frames-format"),
  OUTCOMES_FORMAT(
      "kafka.format.outcomes",
      "What an outcome's record is: avro, json, registry or cloudevents.",
      byDefault("avro"),
      "--outcomes-format"),
  REGISTRY_URL(
      "kafka.format.registry.url",
      "Schema registry of the format registry: where its REST interface begins.",
      none(),
      "--registry"),
  REGISTRY_REGISTER(
      "kafka.format.registry.register",
      "Whether schemas of outcomes may be registered; where not, they must be there.",
      byDefault("true"),
      "--registry-register"),
  HEADER_SEQUENCE(
      "kafka.format.headers.sequence",
      "Format image: header of a frame's position in its source; without it the offset.",
      byDefault("sequence"),
      "--header-sequence"),
  HEADER_LABEL(
      "kafka.format.headers.label",
      "Format image: header of the true class, a number from 0.",
      byDefault("label"),
      "--header-label"),
  HEADER_DEADLINE_MS(
      "kafka.format.headers.deadlineMs",
      "Format image: header of the deadline.",
      byDefault("deadline-ms"),
      "--header-deadline-ms"),
  HEADER_CONTENT_TYPE(
      "kafka.format.headers.contentType",
      "Format image: header of the MIME type; without it the bytes tell.",
      byDefault("content-type"),
      "--header-content-type"),
  FIELD_SOURCE_ID(
      "kafka.format.fields.sourceId",
      "Formats json and registry: JSON pointer to the source; without it the key.",
      byDefault("/sourceId"),
      "--field-source-id"),
  FIELD_SEQUENCE(
      "kafka.format.fields.sequence",
      "Pointer to the position in the source; without it the offset.",
      byDefault("/sequence"),
      "--field-sequence"),
  FIELD_TIMESTAMP_MS(
      "kafka.format.fields.timestampMs",
      "Pointer to the event time, milliseconds or ISO-8601; without it the record's.",
      byDefault("/timestampMs"),
      "--field-timestamp-ms"),
  FIELD_CONTENT_TYPE(
      "kafka.format.fields.contentType",
      "Pointer to the MIME type; without it the bytes tell.",
      byDefault("/contentType"),
      "--field-content-type"),
  FIELD_IMAGE(
      "kafka.format.fields.image",
      "Pointer to the image, in JSON as base64.",
      byDefault("/image"),
      "--field-image"),
  FIELD_REFERENCE(
      "kafka.format.fields.reference",
      "Pointer to the URI of an image that lies elsewhere.",
      byDefault("/reference"),
      "--field-reference"),
  FIELD_WIDTH(
      "kafka.format.fields.width",
      "Pointer to the width of raw planes.",
      byDefault("/width"),
      "--field-width"),
  FIELD_HEIGHT(
      "kafka.format.fields.height",
      "Pointer to the height of raw planes.",
      byDefault("/height"),
      "--field-height"),
  FIELD_LABEL(
      "kafka.format.fields.label",
      "Pointer to the true class, a number from 0.",
      byDefault("/label"),
      "--field-label"),
  FIELD_DEADLINE_MS(
      "kafka.format.fields.deadlineMs",
      "Pointer to the deadline.",
      byDefault("/deadlineMs"),
      "--field-deadline-ms"),
  FIELD_TAKE(
      "kafka.format.fields.take",
      "Pointers to what travels unread to the prediction or dead letter.",
      list(),
      "--field-take"),

  REFERENCES_ALLOW(
      "kafka.references.allow",
      "Places that images may be read from which records refer to, such as s3://photos/.",
      list(),
      "--references"),
  REFERENCES_CAPACITY(
      "kafka.references.capacity",
      "Images that a subtask waits for at a time.",
      byDefault("64"),
      "--references-capacity"),
  REFERENCES_TIMEOUT_MS(
      "kafka.references.timeoutMs",
      "From a frame's arrival to its image, in milliseconds.",
      byDefault("10000"),
      "--references-timeout-ms"),
  REFERENCES_RETRIES(
      "kafka.references.retries",
      "Further tries where a store fails.",
      byDefault("2"),
      "--references-retries"),

  BUDGET(
      "inference.budget",
      "What a frame may cost: fixed:<share> holds the mean cost per frame, keep-up or"
          + " keep-up:<least>-<target> follows the load between two shares, deadline:<time>ms"
          + " bounds the time of each frame.",
      byDefault("no early exit")),
  THRESHOLDS(
      "inference.thresholds",
      "In place of a budget: one threshold per exit, separated by commas, the last 0.",
      list()),
  EXIT_SHARES(
      "inference.exitShares",
      "In place of a budget: the share of frames meant to leave at each exit.",
      list()),
  MEAN_COST(
      "inference.meanCost",
      "In place of a budget: the mean cost per frame, as a share of the full network's.",
      none()),
  AUDIT(
      "inference.audit",
      "Share of the early exits that also run to the last exit, to tell how often the two agree.",
      byDefault("0")),
  TOP_K(
      "inference.topK",
      "How many of the most probable classes a prediction names.",
      byDefault("1"),
      "--top-k"),
  ORDER("inference.order", "unordered or ordered.", byDefault("unordered")),
  MICRO_BATCH("inference.microBatch", "auto or 1 to 256.", byDefault("auto")),
  LINGER_MS(
      "inference.lingerMs",
      "Longest wait for a micro-batch to fill on a busy thread; where it would be idle, what there is runs at once.",
      byDefault("5")),
  DEVICE("inference.device", "auto, cpu, cuda or cuda:index.", byDefault("auto")),
  PRECISION(
      "inference.precision",
      "Which form of the stages serves: fp32, int8, or auto for the faster one on each machine.",
      byDefault("auto")),
  COST(
      "inference.cost",
      "What budgets, mean cost and the costs of predictions count in: time, as the bundle states it"
          + " for its stages, or macs, multiply-accumulate operations.",
      byDefault("time")),

  PRIORITIES(
      "inference.priorities",
      "Sources that matter more or less than others under the one budget, the first that names a"
          + " source holds: PATTERN=WEIGHT, or PATTERN=WEIGHT:FLOOR with the least share of the"
          + " full network's cost, such as entrance/*=4:0.6; a star stands for any characters.",
      list()),

  TRACK(
      "inference.track",
      "What names a frame's track, whose frames show the same thing: none, source or header:NAME.",
      byDefault("none")),
  TRACK_SKIP(
      "inference.trackSkip",
      "Frames of a track that inherit its decision, once it is sure, before the next is run.",
      byDefault("0"),
      "--track-skip"),
  UNCHANGED(
      "inference.unchanged",
      "A frame inherits where no block of its pixels differs by more than so many levels of 255"
          + " from the frame that was run last.",
      none()),
  UNCHANGED_SILENCE_MS(
      "inference.unchangedSilenceMs",
      "A frame is run where the last that was is older by so much, whatever its pixels.",
      byDefault("10000"),
      "--unchanged-silence-ms"),

  PARALLELISM("job.parallelism", "Subtasks of every operator.", byDefault("Flink's own")),
  CHECKPOINT_INTERVAL_MS(
      "job.checkpointIntervalMs", "Time between checkpoints.", byDefault("10000")),
  CHECKPOINT_DIR(
      "job.checkpointDir", "URI under which checkpoints are stored.", byDefault("Flink's own")),
  UI_PORT("job.uiPort", "Port of the Web UI of a local run.", byDefault("a free one")),
  METRICS_PORT(
      "job.metricsPort", "Port of a local run's metrics for Prometheus, 0 for a free one.", none()),

  EVENTS_ENTER(
      "events.enter",
      "When the class of a source is another: for so many of its last frames, such as 3/5, or"
          + " evidence:6 for a sum of their log odds.",
      byDefault("3/5"),
      "--events-enter"),
  EVENTS_SHORTEST_MS(
      "events.shortestMs",
      "How long the new class has to last, in milliseconds of the frames' time.",
      byDefault("0"),
      "--events-shortest-ms"),
  EVENTS_GAP_MS(
      "events.gapMs",
      "Without a frame for so many milliseconds a source is offline.",
      byDefault("never"),
      "--events-gap-ms"),
  EVENTS_IMAGE_BYTES(
      "events.imageBytes",
      "Largest JPEG or PNG file that an event carries of the frame that confirmed it, in bytes; 0"
          + " for none.",
      byDefault("0"),
      "--events-image-bytes");

  private record Form(String otherwise, boolean isList) {}

  private final String key;
  private final String description;
  private final Form form;
  private final List<String> options;

  ConfigKey(String key, String description, Form form, String... options) {
    this.key = key;
    this.description = description;
    this.form = form;
    this.options = options.length == 0 ? List.of(option(key)) : List.of(options);
  }

  private static Form required() {
    return new Form("required", false);
  }

  private static Form byDefault(String value) {
    return new Form(value, false);
  }

  private static Form none() {
    return new Form("none", false);
  }

  private static Form list() {
    return new Form("none", true);
  }

  /** Where it stands in the YAML file, with dots between the levels. */
  public String key() {
    return key;
  }

  /** What it is, in a sentence. */
  public String description() {
    return description;
  }

  /** What holds where it is left out, in words. */
  public String otherwise() {
    return form.otherwise();
  }

  /** Several values: a YAML list, separated by commas in an option. */
  public boolean isList() {
    return form.isList();
  }

  /** Names of its option, the shortest first. */
  public List<String> options() {
    return options;
  }

  /**
   * The key of a name with dots.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static ConfigKey of(String key) {
    return Arrays.stream(values())
        .filter(known -> known.key.equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no key " + key));
  }

  /** An option is called after the last part of its key, unless it says otherwise. */
  private static String option(String key) {
    String name = key.substring(key.lastIndexOf('.') + 1);
    return "--" + name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
  }
}
