package io.boostnet.jobs.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The keys of a {@link ServeConfig} as options. What is given is kept by key, unread. */
final class ServeOptions {

  private final Map<String, String> values = new LinkedHashMap<>();

  /** The values given, by key. */
  Map<String, String> values() {
    return values;
  }

  @Option(names = "--bundle", description = "Model bundle: directory or .zip, path or URI.")
  void bundle(String value) {
    values.put("bundle", value);
  }

  @Option(names = "--pipeline", description = "Name of the pipeline. Default: boostnet.")
  void pipeline(String value) {
    values.put("pipeline", value);
  }

  @Option(
      names = {"--bootstrap", "--bootstrap-servers"},
      description = "Kafka brokers. [kafka.bootstrapServers]")
  void bootstrapServers(String value) {
    values.put("kafka.bootstrapServers", value);
  }

  @Option(names = "--group", description = "Consumer group. Default: boostnet. [kafka.groupId]")
  void groupId(String value) {
    values.put("kafka.groupId", value);
  }

  @Option(
      names = "--start",
      description =
          "Where a job without a checkpoint starts: earliest, latest, committed or an instant."
              + " Default: committed. [kafka.start]")
  void start(String value) {
    values.put("kafka.start", value);
  }

  @Option(
      names = "--delivery",
      description = "exactly-once or at-least-once. Default: exactly-once. [kafka.delivery]")
  void delivery(String value) {
    values.put("kafka.delivery", value);
  }

  @Option(names = "--frames-topic", description = "Default: frames. [kafka.topics.frames]")
  void framesTopic(String value) {
    values.put("kafka.topics.frames", value);
  }

  @Option(
      names = "--predictions-topic",
      description = "Default: predictions. [kafka.topics.predictions]")
  void predictionsTopic(String value) {
    values.put("kafka.topics.predictions", value);
  }

  @Option(
      names = "--dead-letters-topic",
      description = "Default: dead-letters. [kafka.topics.deadLetters]")
  void deadLettersTopic(String value) {
    values.put("kafka.topics.deadLetters", value);
  }

  @Option(
      names = "--control-topic",
      description = "Default: control-events. [kafka.topics.controlEvents]")
  void controlTopic(String value) {
    values.put("kafka.topics.controlEvents", value);
  }

  @Option(
      names = "--partitions",
      description = "Partitions of topics that must be created. Default: 2. [kafka.partitions]")
  void partitions(String value) {
    values.put("kafka.partitions", value);
  }

  @Option(
      names = "--client-properties",
      description =
          "Kafka client properties files (TLS, SASL), separated by commas. [kafka.clientProperties]")
  void clientProperties(String value) {
    values.put("kafka.clientProperties", value);
  }

  @Option(
      names = "--thresholds",
      description =
          "One per exit, separated by commas, the last 0. Default: no early exit."
              + " [inference.thresholds]")
  void thresholds(String value) {
    values.put("inference.thresholds", value);
  }

  @Option(
      names = "--exit-shares",
      description =
          "In place of thresholds: the share of frames meant to leave at each exit."
              + " [inference.exitShares]")
  void exitShares(String value) {
    values.put("inference.exitShares", value);
  }

  @Option(
      names = "--mean-cost",
      description =
          "In place of thresholds: the mean cost per frame, as a share of the full network's."
              + " [inference.meanCost]")
  void meanCost(String value) {
    values.put("inference.meanCost", value);
  }

  @Option(
      names = "--budget",
      description =
          "In place of thresholds: fixed:<share> holds the mean cost per frame, keep-up or"
              + " keep-up:<least>-<target> follows the load between two shares, deadline:<time>ms"
              + " bounds the time of each frame. [inference.budget]")
  void budget(String value) {
    values.put("inference.budget", value);
  }

  @Option(
      names = "--audit",
      description =
          "Share of the early exits that also run to the last exit, to tell how often the two agree."
              + " Default: 0. [inference.audit]")
  void audit(String value) {
    values.put("inference.audit", value);
  }

  @Option(
      names = "--order",
      description = "unordered or ordered. Default: unordered. [inference.order]")
  void order(String value) {
    values.put("inference.order", value);
  }

  @Option(
      names = "--micro-batch",
      description = "auto or 1 to 256. Default: auto. [inference.microBatch]")
  void microBatch(String value) {
    values.put("inference.microBatch", value);
  }

  @Option(
      names = "--linger-ms",
      description = "Longest wait for a micro-batch to fill. Default: 5. [inference.lingerMs]")
  void lingerMs(String value) {
    values.put("inference.lingerMs", value);
  }

  @Option(
      names = "--device",
      description = "auto, cpu, cuda or cuda:index. Default: auto. [inference.device]")
  void device(String value) {
    values.put("inference.device", value);
  }

  @Option(names = "--parallelism", description = "Default: Flink's own. [job.parallelism]")
  void parallelism(String value) {
    values.put("job.parallelism", value);
  }

  @Option(
      names = "--checkpoint-interval-ms",
      description = "Time between checkpoints. Default: 10000. [job.checkpointIntervalMs]")
  void checkpointInterval(String value) {
    values.put("job.checkpointIntervalMs", value);
  }

  @Option(
      names = "--checkpoint-dir",
      description = "URI under which checkpoints are stored. [job.checkpointDir]")
  void checkpointDir(String value) {
    values.put("job.checkpointDir", value);
  }

  @Option(
      names = "--ui-port",
      description = "Port of the Web UI of a local run. Default: a free one. [job.uiPort]")
  void uiPort(String value) {
    values.put("job.uiPort", value);
  }

  @Option(
      names = "--metrics-port",
      description =
          "Port of a local run's metrics for Prometheus, 0 for a free one. Default: none."
              + " [job.metricsPort]")
  void metricsPort(String value) {
    values.put("job.metricsPort", value);
  }
}
