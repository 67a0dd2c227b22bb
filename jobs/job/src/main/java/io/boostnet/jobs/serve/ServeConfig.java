package io.boostnet.jobs.serve;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.flink.options.OutputOrder;
import io.boostnet.flink.options.References;
import io.boostnet.jobs.config.ExitThresholds;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.format.HeaderSelection;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What the Kafka job is told: the keys of its YAML file, with their defaults. A key that is left
 * out takes its default; a wrong value throws {@link IllegalArgumentException} with its name, the
 * value and what is allowed. Immutable.
 *
 * @param bundle directory or .zip of the model bundle, as a path or a URI that the TaskManagers can
 *     read too; required
 * @param pipeline name in control events, operator ids and transactional ids; default boostnet
 * @param kafka where frames come from and results go to
 * @param inference how frames are classified
 * @param job how Flink runs it
 */
public record ServeConfig(
    String bundle, String pipeline, Kafka kafka, Inference inference, Job job) {

  public ServeConfig {
    requireText("bundle", bundle, "give the directory or .zip of a model bundle");
    pipeline = pipeline == null ? "boostnet" : pipeline;
    requireText("pipeline", pipeline, "give a name");
    if (kafka == null) {
      throw new IllegalArgumentException(
          "kafka.bootstrapServers is not set; give the brokers as host:port");
    }
    inference = inference == null ? Inference.DEFAULT : inference;
    job = job == null ? Job.DEFAULT : job;
  }

  /**
   * Topics and clients.
   *
   * @param bootstrapServers brokers as host:port, separated by commas; required
   * @param groupId consumer group whose committed offsets show progress; default: boostnet
   * @param start first offset of a job that starts without a checkpoint; default committed
   * @param delivery what a failure may do to results; default exactly-once
   * @param topics names of the topics
   * @param partitions partitions of topics that must be created, 1 .. 10,000; default 2
   * @param clientProperties properties files of all clients: TLS, SASL; read where the job is
   *     submitted
   * @param format what the records of the topics are; default Avro single-object encoding
   * @param forwardHeaders names of headers that travel from a frame's record to its prediction or
   *     dead letter, a star at the end for any rest; default none
   * @param references how images are read that records refer to; default not at all
   */
  public record Kafka(
      String bootstrapServers,
      String groupId,
      Start start,
      Delivery delivery,
      Topics topics,
      Integer partitions,
      List<Path> clientProperties,
      FormatConfig format,
      List<String> forwardHeaders,
      ReferenceConfig references) {

    public Kafka {
      requireText("kafka.bootstrapServers", bootstrapServers, "give the brokers as host:port");
      groupId = groupId == null ? "boostnet" : groupId;
      requireText("kafka.groupId", groupId, "give a name");
      start = start == null ? Start.of("committed") : start;
      delivery = delivery == null ? Delivery.EXACTLY_ONCE : delivery;
      topics = topics == null ? Topics.DEFAULT : topics;
      partitions = partitions == null ? 2 : partitions;
      requireRange("kafka.partitions", partitions, 1, 10_000);
      clientProperties = clientProperties == null ? List.of() : List.copyOf(clientProperties);
      format = format == null ? FormatConfig.DEFAULT : format;
      forwardHeaders = forwardHeaders == null ? List.of() : List.copyOf(forwardHeaders);
      new HeaderSelection(forwardHeaders);
    }

    /** Avro single-object encoding in and out, and no headers that travel. */
    public Kafka(
        String bootstrapServers,
        String groupId,
        Start start,
        Delivery delivery,
        Topics topics,
        Integer partitions,
        List<Path> clientProperties) {
      this(
          bootstrapServers,
          groupId,
          start,
          delivery,
          topics,
          partitions,
          clientProperties,
          null,
          null,
          null);
    }

    /** The same with these formats. */
    public Kafka with(FormatConfig newFormat) {
      return new Kafka(
          bootstrapServers,
          groupId,
          start,
          delivery,
          topics,
          partitions,
          clientProperties,
          newFormat,
          forwardHeaders,
          references);
    }
  }

  /**
   * How images are read that records refer to.
   *
   * @param allow what a URI must begin with, each ending with a slash; at least one
   * @param capacity images that a subtask waits for at a time; default 64
   * @param timeoutMs from a frame's arrival to its image, in milliseconds; default 10,000
   * @param retries further tries where a store fails; default 2
   */
  public record ReferenceConfig(
      List<String> allow, Integer capacity, Integer timeoutMs, Integer retries) {

    public ReferenceConfig {
      allow = allow == null ? List.of() : List.copyOf(allow);
      capacity = capacity == null ? 64 : capacity;
      timeoutMs = timeoutMs == null ? 10_000 : timeoutMs;
      retries = retries == null ? 2 : retries;
      try {
        new References(allow, capacity, Duration.ofMillis(timeoutMs), retries);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("kafka.references: " + e.getMessage(), e);
      }
    }

    /** Them for the library. */
    public References toReferences() {
      return new References(allow, capacity, Duration.ofMillis(timeoutMs), retries);
    }
  }

  /**
   * Names of the topics.
   *
   * @param frames images in: a name, several separated by commas, or {@code pattern:} and a regular
   *     expression that whole names match; default frames
   * @param predictions default predictions
   * @param deadLetters what could not be classified; default dead-letters
   * @param controlEvents changes of the thresholds; default control-events
   */
  public record Topics(String frames, String predictions, String deadLetters, String controlEvents)
      implements Serializable {

    private static final String PATTERN = "pattern:";

    /** The default names. */
    public static final Topics DEFAULT = new Topics(null, null, null, null);

    public Topics {
      frames = frames == null ? "frames" : frames;
      predictions = name("kafka.topics.predictions", predictions, "predictions");
      deadLetters = name("kafka.topics.deadLetters", deadLetters, "dead-letters");
      controlEvents = name("kafka.topics.controlEvents", controlEvents, "control-events");
      List<String> outcomes = List.of(predictions, deadLetters, controlEvents);
      List<String> names = new ArrayList<>(outcomes);
      if (frames.startsWith(PATTERN)) {
        requireOthers(compile(frames), outcomes);
      } else {
        for (String frame : frames.split(",", -1)) {
          names.add(names.size() - outcomes.size(), name("kafka.topics.frames", frame, null));
        }
      }
      if (names.stream().distinct().count() < names.size()) {
        throw new IllegalArgumentException(
            "kafka.topics are " + names + "; give each its own topic");
      }
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

  /**
   * How frames are classified.
   *
   * @param thresholds one per exit, the last 0
   * @param exitShares in place of thresholds: the share of frames meant to leave at each exit,
   *     turned into thresholds on the bundle's calibration evidence
   * @param meanCost in place of thresholds: the mean cost per frame, as a share of the full
   *     network's, solved on the bundle's calibration evidence
   * @param budget in place of thresholds: what a frame may cost; a controller moves the thresholds
   * @param audit share of the early exits that also run to the last exit, to tell how often the two
   *     agree, 0..1, under a deadline 0; default 0
   * @param topK how many of the most probable classes a prediction names, at least 1; default 1
   * @param order default unordered
   * @param microBatch rows of a call of the network, {@code auto} or 1 .. 256; default auto
   * @param lingerMs longest wait for a micro-batch to fill, in milliseconds; default 5
   * @param device auto, cpu, cuda or cuda:index; default auto
   * @param precision auto, fp32 or int8; default auto
   */
  public record Inference(
      List<Double> thresholds,
      List<Double> exitShares,
      Double meanCost,
      BudgetText budget,
      Double audit,
      Integer topK,
      Order order,
      BatchSize microBatch,
      Integer lingerMs,
      DeviceName device,
      PrecisionName precision) {

    /** The default: no early exit. */
    public static final Inference DEFAULT = Inference.of(null);

    public Inference {
      thresholds = thresholds == null ? null : List.copyOf(thresholds);
      exitShares = exitShares == null ? null : List.copyOf(exitShares);
      boolean fixed = new ExitThresholds(thresholds, exitShares, meanCost).isSet();
      if (fixed && budget != null) {
        throw new IllegalArgumentException(
            "inference.budget and fixed thresholds are both set; keep one of them");
      }
      audit = audit == null ? 0 : audit;
      if (!(audit >= 0 && audit <= 1)) {
        throw new IllegalArgumentException(
            "inference.audit is " + audit + "; it is a share, 0 to 1");
      }
      topK = topK == null ? 1 : topK;
      requireRange("inference.topK", topK, 1, 100_000);
      order = order == null ? Order.of("unordered") : order;
      microBatch = microBatch == null ? BatchSize.of("auto") : microBatch;
      lingerMs = lingerMs == null ? (int) MicroBatching.auto().linger().toMillis() : lingerMs;
      requireRange("inference.lingerMs", lingerMs, 0, 60_000);
      device = device == null ? DeviceName.of("auto") : device;
      precision = precision == null ? PrecisionName.of("auto") : precision;
    }

    /** Predictions that name one class. */
    public Inference(
        List<Double> thresholds,
        List<Double> exitShares,
        Double meanCost,
        BudgetText budget,
        Double audit,
        Order order,
        BatchSize microBatch,
        Integer lingerMs,
        DeviceName device,
        PrecisionName precision) {
      this(
          thresholds,
          exitShares,
          meanCost,
          budget,
          audit,
          null,
          order,
          microBatch,
          lingerMs,
          device,
          precision);
    }

    /** All defaults but the budget. */
    public static Inference of(BudgetText budget) {
      return new Inference(null, null, null, budget, null, null, null, null, null, null, null);
    }

    /** Size and linger for the library. */
    public MicroBatching batching() {
      return new MicroBatching(microBatch.rows(), Duration.ofMillis(lingerMs));
    }
  }

  /**
   * How Flink runs the job.
   *
   * @param parallelism subtasks of every operator, 1 .. 32,768; default: Flink's own
   * @param checkpointIntervalMs time between checkpoints, in milliseconds, at least 100; under
   *     exactly-once results become visible at this pace, and it is at most half of the clients'
   *     transaction timeout; default 10,000
   * @param checkpointDir URI under which checkpoints are stored; default: Flink's own
   * @param uiPort port of the Web UI of a local run, 0 for a free one; default 0
   * @param metricsPort port of a local run's metrics for Prometheus, 0 for a free one; default none
   */
  public record Job(
      Integer parallelism,
      Integer checkpointIntervalMs,
      URI checkpointDir,
      Integer uiPort,
      Integer metricsPort) {

    /** Ten seconds between checkpoints, all else as Flink has it. */
    public static final Job DEFAULT = new Job(null, null, null, null, null);

    public Job {
      if (parallelism != null) {
        requireRange("job.parallelism", parallelism, 1, 32_768);
      }
      checkpointIntervalMs = checkpointIntervalMs == null ? 10_000 : checkpointIntervalMs;
      requireRange("job.checkpointIntervalMs", checkpointIntervalMs, 100, 3_600_000);
      if (checkpointDir != null
          && (checkpointDir.getScheme() == null || checkpointDir.getPath() == null)) {
        throw new IllegalArgumentException(
            "job.checkpointDir is '"
                + checkpointDir
                + "'; give a URI with a scheme and a whole path, such as file:///var/checkpoints or"
                + " s3://bucket/checkpoints");
      }
      uiPort = uiPort == null ? 0 : uiPort;
      requireRange("job.uiPort", uiPort, 0, 65_535);
      if (metricsPort != null) {
        requireRange("job.metricsPort", metricsPort, 0, 65_535);
      }
    }
  }

  /** What a failure may do to the results on Kafka. */
  public enum Delivery {
    /** Nothing: readers of committed records see each result once, after the next checkpoint. */
    EXACTLY_ONCE,
    /** Repeat some; results are visible at once. */
    AT_LEAST_ONCE;

    /** Reads exactly-once or at-least-once. */
    @JsonCreator
    public static Delivery of(String text) {
      return switch (text) {
        case "exactly-once" -> EXACTLY_ONCE;
        case "at-least-once" -> AT_LEAST_ONCE;
        default ->
            throw new IllegalArgumentException(
                "kafka.delivery is '" + text + "'; use exactly-once or at-least-once");
      };
    }
  }

  /**
   * Where a job without a checkpoint starts.
   *
   * @param kind which offsets
   * @param timestampMs for {@link Kind#TIMESTAMP}: milliseconds since the Unix epoch
   */
  public record Start(Kind kind, long timestampMs) {

    /** Which offsets. */
    public enum Kind {
      EARLIEST,
      LATEST,
      /** Those of the group; the earliest where it has none. */
      COMMITTED,
      TIMESTAMP
    }

    /** Reads earliest, latest, committed, or an instant such as 2026-01-31T08:00:00Z. */
    @JsonCreator
    public static Start of(String text) {
      try {
        return switch (text) {
          case "earliest" -> new Start(Kind.EARLIEST, 0);
          case "latest" -> new Start(Kind.LATEST, 0);
          case "committed" -> new Start(Kind.COMMITTED, 0);
          default -> new Start(Kind.TIMESTAMP, Instant.parse(text).toEpochMilli());
        };
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(
            "kafka.start is '"
                + text
                + "'; use earliest, latest, committed or an instant such as 2026-01-31T08:00:00Z",
            e);
      }
    }
  }

  /**
   * Order of the predictions, by the library's names in lower case.
   *
   * @param value the order
   */
  public record Order(OutputOrder value) {

    /** Reads unordered or ordered. */
    @JsonCreator
    public static Order of(String text) {
      for (OutputOrder order : OutputOrder.values()) {
        if (order.name().toLowerCase(Locale.ROOT).equals(text)) {
          return new Order(order);
        }
      }
      throw new IllegalArgumentException(
          "inference.order is '" + text + "'; use unordered or ordered");
    }
  }

  /**
   * What a frame may cost.
   *
   * @param value the budget
   */
  public record BudgetText(Budget value) {

    /** Reads what {@link Budget#parse} does. */
    @JsonCreator
    public static BudgetText of(String text) {
      try {
        return new BudgetText(Budget.parse(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("inference." + e.getMessage(), e);
      }
    }
  }

  /**
   * Size of micro-batches.
   *
   * @param rows as {@link MicroBatching#size()}
   */
  public record BatchSize(int rows) {

    /** Reads auto or a number. */
    @JsonCreator
    public static BatchSize of(String text) {
      try {
        int rows = text.equals("auto") ? MicroBatching.AUTO : Integer.parseInt(text);
        if (text.equals("auto") || rows >= 1 && rows <= MicroBatching.MAX_SIZE) {
          return new BatchSize(rows);
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new IllegalArgumentException(
          "inference.microBatch is '" + text + "'; use auto or 1 to " + MicroBatching.MAX_SIZE);
    }
  }

  /**
   * Where the network runs.
   *
   * @param value the device
   */
  public record DeviceName(Device value) {

    /** Reads auto, cpu, cuda or cuda:index. */
    @JsonCreator
    public static DeviceName of(String text) {
      try {
        return new DeviceName(Device.parse(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("inference." + e.getMessage(), e);
      }
    }
  }

  /**
   * Which form of the stages serves.
   *
   * @param value the form
   */
  public record PrecisionName(Precision value) {

    /** Reads auto, fp32 or int8. */
    @JsonCreator
    public static PrecisionName of(String text) {
      try {
        return new PrecisionName(Precision.parse(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("inference." + e.getMessage(), e);
      }
    }
  }

  private static void requireText(String name, String value, String remedy) {
    if (Objects.requireNonNullElse(value, "").isBlank()) {
      throw new IllegalArgumentException(name + " is not set; " + remedy);
    }
  }

  private static void requireRange(String name, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          name + " is " + value + "; allowed are " + from + " to " + to);
    }
  }
}
