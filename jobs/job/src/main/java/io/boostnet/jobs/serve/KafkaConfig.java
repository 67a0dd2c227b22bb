package io.boostnet.jobs.serve;

import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.format.HeaderSelection;
import java.nio.file.Path;
import java.util.List;

/**
 * Topics and clients: the keys {@code kafka.*}, with their defaults. What is null takes its
 * default. Immutable; no broker is asked and no file is read here.
 *
 * @param bootstrapServers brokers as host:port, separated by commas; required
 * @param groupId consumer group whose committed offsets show progress; default: boostnet
 * @param start first offset of a job that starts without a checkpoint; default committed
 * @param stop where the job ends; default never
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
public record KafkaConfig(
    String bootstrapServers,
    String groupId,
    StartOffsets start,
    StopOffsets stop,
    Delivery delivery,
    TopicConfig topics,
    Integer partitions,
    List<Path> clientProperties,
    FormatConfig format,
    List<String> forwardHeaders,
    ReferenceConfig references) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException with the key, the value and what is allowed
   */
  public KafkaConfig {
    Require.text("kafka.bootstrapServers", bootstrapServers, "give the brokers as host:port");
    groupId = groupId == null ? "boostnet" : groupId;
    Require.text("kafka.groupId", groupId, "give a name");
    start = start == null ? StartOffsets.of("committed") : start;
    stop = stop == null ? StopOffsets.NEVER : stop;
    delivery = delivery == null ? Delivery.EXACTLY_ONCE : delivery;
    topics = topics == null ? TopicConfig.DEFAULT : topics;
    partitions = partitions == null ? 2 : partitions;
    Require.range("kafka.partitions", partitions, 1, 10_000);
    clientProperties = clientProperties == null ? List.of() : List.copyOf(clientProperties);
    format = format == null ? FormatConfig.DEFAULT : format;
    forwardHeaders = forwardHeaders == null ? List.of() : List.copyOf(forwardHeaders);
    new HeaderSelection(forwardHeaders);
  }

  /** Avro single-object encoding in and out, and no headers that travel. */
  public KafkaConfig(
      String bootstrapServers,
      String groupId,
      StartOffsets start,
      Delivery delivery,
      TopicConfig topics,
      Integer partitions,
      List<Path> clientProperties) {
    this(
        bootstrapServers,
        groupId,
        start,
        null,
        delivery,
        topics,
        partitions,
        clientProperties,
        null,
        null,
        null);
  }

  /** The same with these formats. */
  public KafkaConfig with(FormatConfig newFormat) {
    return new KafkaConfig(
        bootstrapServers,
        groupId,
        start,
        stop,
        delivery,
        topics,
        partitions,
        clientProperties,
        newFormat,
        forwardHeaders,
        references);
  }
}
