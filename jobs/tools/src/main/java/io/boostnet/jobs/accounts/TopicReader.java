package io.boostnet.jobs.accounts;

import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.SingleObject;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Enters the topics of frames and of outcomes into accounts, from their beginning, committed
 * records alone. The frames that stand there when it is made are counted; later ones only explain
 * their outcomes, so that it can be used while a load goes on.
 *
 * <p>It reads in rounds: up to where the topics end when the round begins, frames before outcomes,
 * so that an outcome whose frame was not read is one of nothing published. For one thread, which
 * closes it.
 */
final class TopicReader implements Closeable {

  private static final Duration POLL = Duration.ofMillis(200);

  /** A record without a value is as unreadable as one of no bytes. */
  private static final byte[] NOTHING = {};

  private final ServeConfig.Topics topics;
  private final Accounts accounts = new Accounts();
  private final KafkaConsumer<byte[], byte[]> committed;
  private final KafkaConsumer<byte[], byte[]> all;
  private final List<TopicPartition> frames;
  private final List<TopicPartition> outcomes;

  /** Where the frames that are counted end. */
  private final Map<TopicPartition, Long> counted;

  /** Where the round ends. */
  private Map<TopicPartition, Long> ends;

  private final BinaryMessageDecoder<ImageFrame> frameDecoder =
      SingleObject.decoder(ImageFrame.class);
  private final BinaryMessageDecoder<Prediction> predictionDecoder =
      SingleObject.decoder(Prediction.class);
  private final BinaryMessageDecoder<DeadLetter> letterDecoder =
      SingleObject.decoder(DeadLetter.class);
  private final LongStream.Builder decidedAtMs = LongStream.builder();
  private long notFrames;
  private int unreadable;

  TopicReader(KafkaAccess kafka, ServeConfig.Topics topics) {
    this.topics = topics;
    committed = consumer(kafka, "read_committed");
    all = consumer(kafka, "read_uncommitted");
    frames = partitions(topics.frames()).toList();
    outcomes =
        Stream.of(topics.predictions(), topics.deadLetters()).flatMap(this::partitions).toList();
    committed.assign(Stream.of(frames, outcomes).flatMap(List::stream).toList());
    committed.seekToBeginning(committed.assignment());
    nextRound();
    counted = Map.copyOf(ends);
  }

  /** Begins a round that ends where the topics end now. */
  void nextRound() {
    Map<TopicPartition, Long> now = new HashMap<>();
    // Outcomes first: their frames stand on the topic by then. Outcomes of open transactions are
    // waited for.
    now.putAll(all.endOffsets(outcomes));
    now.putAll(committed.endOffsets(frames));
    ends = now;
  }

  private Stream<TopicPartition> partitions(String topic) {
    List<PartitionInfo> partitions = committed.partitionsFor(topic);
    if (partitions == null || partitions.isEmpty()) {
      throw new ConfigException("The topic " + topic + " does not exist; give the job's topics.");
    }
    return partitions.stream()
        .map(partition -> new TopicPartition(partition.topic(), partition.partition()));
  }

  private static KafkaConsumer<byte[], byte[]> consumer(KafkaAccess kafka, String isolation) {
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Reads what is there of the round; returns how many records that was. */
  int poll() {
    boolean first = !areRead(frames);
    committed.resume(first ? frames : outcomes);
    committed.pause(first ? outcomes : frames);
    ConsumerRecords<byte[], byte[]> records = committed.poll(POLL);
    int count = 0;
    for (TopicPartition partition : records.partitions()) {
      for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
        if (!first && record.offset() >= ends.get(partition)) {
          committed.seek(partition, record.offset()); // for the next round
          break;
        }
        enter(record, partition);
        count++;
      }
    }
    return count;
  }

  private void enter(ConsumerRecord<byte[], byte[]> record, TopicPartition partition) {
    byte[] value = record.value() == null ? NOTHING : record.value();
    if (partition.topic().equals(topics.frames())) {
      enterFrame(value, partition, record.offset());
      return;
    }
    try {
      if (partition.topic().equals(topics.predictions())) {
        Prediction prediction = predictionDecoder.decode(value);
        accounts.predicted(new Accounts.Key(prediction.getSourceId(), prediction.getSequence()));
        decidedAtMs.add(prediction.getDecidedAtMs());
      } else {
        enterLetter(letterDecoder.decode(value));
      }
    } catch (IOException | AvroRuntimeException e) {
      unreadable++;
    }
  }

  private void enterFrame(byte[] value, TopicPartition partition, long offset) {
    boolean counts = offset < counted.get(partition);
    try {
      ImageFrame frame = frameDecoder.decode(value);
      Accounts.Key key = new Accounts.Key(frame.getSourceId(), frame.getSequence());
      if (counts) {
        accounts.published(key, partition.partition(), offset);
      } else {
        accounts.publishedLater(key);
      }
    } catch (IOException | AvroRuntimeException e) {
      if (counts) {
        accounts.published(
            new Accounts.Key(Accounts.BAD, notFrames++), partition.partition(), offset);
      }
    }
  }

  private void enterLetter(DeadLetter letter) {
    TopicPartition partition = new TopicPartition(topics.frames(), letter.getPartition());
    boolean ofLaterFrame =
        letter.getOffset() >= counted.getOrDefault(partition, Long.MAX_VALUE)
            && letter.getOffset() < ends.get(partition);
    if (!ofLaterFrame) {
      accounts.dead(letter.getPartition(), letter.getOffset());
    }
  }

  /** Whether the round is over. */
  boolean isAtEnds() {
    return areRead(frames) && areRead(outcomes);
  }

  private boolean areRead(List<TopicPartition> partitions) {
    return partitions.stream().allMatch(p -> committed.position(p) >= ends.get(p));
  }

  /** Frames read that are counted and have no outcome. */
  int missing() {
    return accounts.lost();
  }

  /** The balance of what was read. To be called once. */
  AccountsReport report() {
    long[] times = decidedAtMs.build().toArray();
    Arrays.sort(times);
    long pause = 0;
    for (int i = 1; i < times.length; i++) {
      pause = Math.max(pause, times[i] - times[i - 1]);
    }
    return new AccountsReport(
        accounts.published(),
        accounts.predictions(),
        accounts.deadLetters(),
        accounts.lost(),
        accounts.doubled(),
        unreadable,
        !areRead(outcomes),
        pause / 1e3);
  }

  @Override
  public void close() {
    committed.close();
    all.close();
  }
}
