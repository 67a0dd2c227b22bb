package io.boostnet.jobs.kafka;

import io.boostnet.jobs.config.ConfigException;
import java.io.Closeable;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells others on the same brokers that a pipeline runs: while it does, it is the member of a
 * consumer group of the pipeline's name, which reads nothing. A job that dies is no member any more
 * after {@link #EXPIRES_AFTER}. One thread holds and closes it.
 */
public final class PipelineLease implements Closeable {

  /** How long the brokers take a job for alive that has died. */
  public static final Duration EXPIRES_AFTER = Duration.ofSeconds(10);

  private static final Duration PATIENCE = EXPIRES_AFTER.plusSeconds(5);
  private static final Duration ASK_EVERY = Duration.ofMillis(500);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(PipelineLease.class);

  private final KafkaConsumer<byte[], byte[]> member;

  /**
   * Joins the group; the caller keeps it with {@link #renew}.
   *
   * @param topic a topic that exists
   */
  public PipelineLease(KafkaAccess kafka, String pipeline, String topic) {
    Properties properties = kafka.properties();
    properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group(pipeline));
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) EXPIRES_AFTER.toMillis());
    member =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    member.subscribe(List.of(topic), new ReadNothing(member));
  }

  /** The group that says that a pipeline runs. */
  public static String group(String pipeline) {
    return "boostnet.pipeline." + pipeline;
  }

  /** Stays a member; to be called every few seconds. Throws what Kafka's consumer does. */
  public void renew(Duration within) {
    member.poll(within);
  }

  /** Ends a {@link #renew} that waits, with a {@code WakeupException}; for any thread. */
  public void wakeUp() {
    member.wakeup();
  }

  /** Leaves the group. */
  @Override
  public void close() {
    member.close(CloseOptions.timeout(CLOSE_WITHIN));
  }

  private record ReadNothing(KafkaConsumer<?, ?> member) implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      member.pause(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
  }

  /**
   * Refuses a pipeline that runs already. One that ended a moment ago is waited for.
   *
   * @param console is told of the wait
   * @throws ConfigException where it still runs after {@link #EXPIRES_AFTER} and a little
   */
  public static void requireFree(KafkaAccess kafka, String pipeline, Consumer<String> console) {
    try (Admin admin = kafka.admin()) {
      String holders = holders(admin, pipeline);
      if (!holders.isEmpty()) {
        console.accept("a job named %s runs, or ended just now: waiting".formatted(pipeline));
      }
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!holders.isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new ConfigException(
              "A job named %s runs already on the brokers at %s (from %s); stop it, or give this one another pipeline."
                  .formatted(pipeline, kafka.bootstrapServers(), holders));
        }
        LockSupport.parkNanos(ASK_EVERY.toNanos());
        holders = holders(admin, pipeline);
      }
    }
  }

  /** Hosts of the jobs that run under a name; empty for none, or where it is not known. */
  private static String holders(Admin admin, String pipeline) {
    String group = group(pipeline);
    try {
      return admin
          .describeConsumerGroups(List.of(group))
          .describedGroups()
          .get(group)
          .get(KafkaAccess.REACHABLE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
          .members()
          .stream()
          .map(MemberDescription::host)
          .distinct()
          .collect(Collectors.joining(", "));
    } catch (ExecutionException | TimeoutException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        LOG.warn("Whether another job named {} runs is not known: {}", pipeline, e.toString());
      }
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking for other jobs", e);
    }
  }
}
