package io.boostnet.jobs.kafka;

import io.boostnet.jobs.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that say which Kafka, and how to reach it. */
public final class ConnectionOptions {

  @Option(
      names = {"--bootstrap", "--bootstrap-servers"},
      required = true,
      description = "Kafka brokers as host:port, separated by commas.")
  private String bootstrapServers;

  @Option(
      names = "--client-properties",
      split = ",",
      description = "Kafka client properties files (TLS, SASL), separated by commas.")
  private List<Path> clientProperties = List.of();

  /**
   * Access to it.
   *
   * @throws ConfigException if a file cannot be read, or no broker is reached
   */
  public KafkaAccess connect() {
    KafkaAccess kafka = KafkaAccess.withFiles(bootstrapServers, clientProperties);
    kafka.requireReachable();
    return kafka;
  }
}
