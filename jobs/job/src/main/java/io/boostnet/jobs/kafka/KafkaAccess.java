package io.boostnet.jobs.kafka;

import io.boostnet.jobs.config.ConfigException;
import java.io.IOException;
import java.io.Reader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How to reach a Kafka cluster, and the checks before a job starts. Immutable; every client it
 * makes is the caller's to close.
 *
 * @param bootstrapServers host:port, separated by commas
 * @param clientProperties properties of every client: TLS, SASL and the like
 */
public record KafkaAccess(String bootstrapServers, Map<String, String> clientProperties)
    implements Serializable {

  /** Largest record that our producers send, in bytes: a dead letter carries its record. */
  public static final int MAX_RECORD_BYTES = 32 << 20;

  /** How long {@link #requireReachable} waits for an answer. */
  public static final Duration REACHABLE_WITHIN = Duration.ofSeconds(15);

  /** What may gather while an answer is out; a usual batch has 16 KiB, which is a few images. */
  private static final int PROMPT_BATCH_BYTES = 256 << 10;

  private static final Duration METADATA_POLL = Duration.ofMillis(50);
  private static final Logger LOG = LoggerFactory.getLogger(KafkaAccess.class);

  public KafkaAccess {
    clientProperties = Map.copyOf(clientProperties);
  }

  /** Access without properties of its own. */
  public static KafkaAccess to(String bootstrapServers) {
    return new KafkaAccess(bootstrapServers, Map.of());
  }

  /** Access with the properties of the given files; a later file wins. */
  public static KafkaAccess withFiles(String bootstrapServers, List<Path> files) {
    Map<String, String> all = new HashMap<>();
    for (Path file : files) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new ConfigException(
            "The client properties file " + file + " cannot be read; give a Java properties file.",
            e);
      }
      properties.stringPropertyNames().forEach(key -> all.put(key, properties.getProperty(key)));
    }
    return new KafkaAccess(bootstrapServers, all);
  }

  /**
   * The same, with producers that wait for no clock: a request goes when the one before has been
   * answered.
   */
  public KafkaAccess promptly() {
    Map<String, String> all = new HashMap<>(clientProperties);
    all.put(ProducerConfig.LINGER_MS_CONFIG, "0");
    all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
    all.put(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(PROMPT_BATCH_BYTES));
    return new KafkaAccess(bootstrapServers, all);
  }

  /** The client properties and the bootstrap servers; a copy. */
  public Properties properties() {
    Properties properties = new Properties();
    properties.putAll(clientProperties);
    properties.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return properties;
  }

  /** A producer that loses and doubles nothing while it lives. */
  public KafkaProducer<byte[], byte[]> producer() {
    Properties properties = properties();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "2");
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 4L * MAX_RECORD_BYTES);
    try {
      return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    } catch (KafkaException e) {
      throw unusable(e);
    }
  }

  /**
   * Waits for an answer of the cluster.
   *
   * @throws ConfigException where none comes within {@link #REACHABLE_WITHIN}, or it is a refusal
   */
  public void requireReachable() {
    try (Admin admin = admin()) {
      admin.describeCluster().nodes().get();
    } catch (ExecutionException e) {
      throw unreachable(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reaching Kafka", e);
    }
  }

  /** Whether the cluster answers now. */
  public boolean answers() {
    try (Admin admin = admin()) {
      admin.describeCluster().nodes().get();
      return true;
    } catch (ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reaching Kafka", e);
    }
  }

  /**
   * Creates those of the topics that do not exist, with the cluster's default replication, and
   * waits until clients are told of them: a broker may learn of a topic after its creation was
   * confirmed.
   *
   * @param partitions partitions for each topic that must be created
   * @return the topics created
   * @throws ConfigException where a topic can be neither found nor created
   */
  public Set<String> ensureTopics(Map<String, Integer> partitions) {
    try (Admin admin = admin()) {
      Set<String> existing = admin.listTopics().names().get();
      List<NewTopic> missing =
          partitions.entrySet().stream()
              .filter(topic -> !existing.contains(topic.getKey()))
              .map(topic -> new NewTopic(topic.getKey(), topic.getValue(), (short) -1))
              .map(
                  topic ->
                      topic.configs(
                          Map.of(
                              TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                              String.valueOf(MAX_RECORD_BYTES))))
              .toList();
      for (NewTopic topic : missing) {
        create(admin, topic);
      }
      Set<String> created =
          missing.stream().map(NewTopic::name).collect(Collectors.toUnmodifiableSet());
      awaitKnown(admin, created);
      return created;
    } catch (ExecutionException e) {
      throw unreachable(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating topics", e);
    }
  }

  private void awaitKnown(Admin admin, Set<String> topics)
      throws ExecutionException, InterruptedException {
    long deadline = System.nanoTime() + REACHABLE_WITHIN.toNanos();
    while (!isKnown(admin, topics)) {
      if (System.nanoTime() > deadline) {
        throw new ConfigException(
            "The topics %s were created, but %s does not know them after %d s; try again."
                .formatted(topics, bootstrapServers, REACHABLE_WITHIN.toSeconds()));
      }
      LockSupport.parkNanos(METADATA_POLL.toNanos());
    }
  }

  private static boolean isKnown(Admin admin, Set<String> topics)
      throws ExecutionException, InterruptedException {
    try {
      return admin.describeTopics(topics).allTopicNames().get().values().stream()
          .flatMap(topic -> topic.partitions().stream())
          .noneMatch(partition -> partition.leader() == null || partition.leader().isEmpty());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw e;
    }
  }

  /**
   * The largest request that the job's producers send, in bytes: {@code max.request.size} of the
   * client properties, at most {@link #MAX_RECORD_BYTES}, which is also the default.
   *
   * @throws ConfigException where it is no number of bytes
   */
  public int maxRequestBytes() {
    String bytes = clientProperties.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
    if (bytes == null) {
      return MAX_RECORD_BYTES;
    }
    try {
      return Math.min(MAX_RECORD_BYTES, Integer.parseInt(bytes.strip()));
    } catch (NumberFormatException e) {
      throw new ConfigException(
          "max.request.size in kafka.clientProperties is '%s'; give bytes.".formatted(bytes), e);
    }
  }

  /**
   * The largest record that the job can write to a topic, in bytes.
   *
   * @return at most {@link #maxRequestBytes}, which is also the answer where the topic is still to
   *     be created, and where the cluster does not tell this client
   * @throws ConfigException where {@code max.request.size} is no number of bytes
   */
  public int maxRecordBytes(String topic) {
    int requestBytes = maxRequestBytes();
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = admin()) {
      String bytes =
          admin
              .describeConfigs(List.of(resource))
              .all()
              .get()
              .get(resource)
              .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
              .value();
      return Math.min(requestBytes, Integer.parseInt(bytes));
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        LOG.warn("The largest record of topic {} is not known: {}", topic, e.getMessage());
      }
      return requestBytes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking for the limits of " + topic, e);
    }
  }

  private void create(Admin admin, NewTopic topic) throws InterruptedException {
    try {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new ConfigException(
            "The topic "
                + topic.name()
                + " does not exist and cannot be created ("
                + e.getCause().getMessage()
                + "); create it, or allow this client to.",
            e.getCause());
      }
    }
  }

  /** A client for questions; it gives up after {@link #REACHABLE_WITHIN}. */
  Admin admin() {
    Properties properties = properties();
    int millis = (int) REACHABLE_WITHIN.toMillis();
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis / 3);
    try {
      return Admin.create(properties);
    } catch (KafkaException e) {
      throw unusable(e);
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }

  private ConfigException unusable(KafkaException e) {
    return new ConfigException(
        "Kafka clients cannot be made for bootstrap servers "
            + bootstrapServers
            + " ("
            + rootMessage(e)
            + "); check the servers and the client properties.",
        e);
  }

  private ConfigException unreachable(Throwable cause) {
    if (cause instanceof SslAuthenticationException) {
      return new ConfigException(
          "No TLS connection to the Kafka broker at "
              + bootstrapServers
              + " ("
              + rootMessage(cause)
              + "); check its certificate, and ssl.truststore and ssl.keystore in the client properties.",
          cause);
    }
    if (cause instanceof AuthenticationException) {
      return new ConfigException(
          "The Kafka broker at "
              + bootstrapServers
              + " refuses this client ("
              + cause.getMessage()
              + "); check user and password in the client properties, and that variables named there are set.",
          cause);
    }
    return new ConfigException(
        "No Kafka broker answers at "
            + bootstrapServers
            + " within "
            + REACHABLE_WITHIN.toSeconds()
            + " s ("
            + cause.getMessage()
            + "); check the bootstrap servers, and the client properties if the cluster wants TLS or SASL.",
        cause);
  }
}
