package io.boostnet.jobs.accounts;

import io.boostnet.jobs.ConfigException;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.SingleObject;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Enters the topics of frames and of outcomes into accounts, from their beginning, committed
 * records alone. For one thread, which closes it.
 */
final class TopicReader implements Closeable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final ServeConfig.Topics topics;
  private final Accounts accounts = new Accounts();
  private final KafkaConsumer<byte[], byte[]> committed;
  private final KafkaConsumer<byte[], byte[]> all;
  private final BinaryMessageDecoder<ImageFrame> frames = SingleObject.decoder(ImageFrame.class);
  private final BinaryMessageDecoder<Prediction> predictions =
      SingleObject.decoder(Prediction.class);
  private final BinaryMessageDecoder<DeadLetter> letters = SingleObject.decoder(DeadLetter.class);
  private final LongStream.Builder decidedAtMs = LongStream.builder();
  private long notFrames;

  TopicReader(KafkaAccess kafka, ServeConfig.Topics topics) {
    this.topics = topics;
    committed = consumer(kafka, "read_committed");
    all = consumer(kafka, "read_uncommitted");
    List<TopicPartition> partitions =
        Stream.of(topics.frames(), topics.predictions(), topics.deadLetters())
            .flatMap(this::partitions)
            .toList();
    committed.assign(partitions);
    committed.seekToBeginning(partitions);
    all.assign(partitions);
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

  /** Reads what is there; returns how many records that was. */
  int poll() {
    int count = 0;
    for (ConsumerRecord<byte[], byte[]> record : committed.poll(POLL)) {
      enter(record);
      count++;
    }
    return count;
  }

  private void enter(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.topic().equals(topics.frames())) {
        accounts.published(frame(record.value()), record.partition(), record.offset());
      } else if (record.topic().equals(topics.predictions())) {
        Prediction prediction = predictions.decode(record.value());
        accounts.predicted(new Accounts.Key(prediction.getSourceId(), prediction.getSequence()));
        decidedAtMs.add(prediction.getDecidedAtMs());
      } else {
        DeadLetter letter = letters.decode(record.value());
        accounts.dead(letter.getPartition(), letter.getOffset());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "reading %s, partition %d, offset %d"
              .formatted(record.topic(), record.partition(), record.offset()),
          e);
    }
  }

  private Accounts.Key frame(byte[] value) {
    try {
      ImageFrame frame = frames.decode(value);
      return new Accounts.Key(frame.getSourceId(), frame.getSequence());
    } catch (IOException | AvroRuntimeException e) {
      return new Accounts.Key(Accounts.BAD, notFrames++);
    }
  }

  /** Whether records stand behind what was read: an open transaction, or what was just written. */
  boolean isBehind() {
    return all.endOffsets(all.assignment()).entrySet().stream()
        .anyMatch(end -> committed.position(end.getKey()) < end.getValue());
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
        isBehind(),
        pause / 1e3);
  }

  /** Whether every record read has exactly one outcome. */
  boolean isEven() {
    return accounts.lost() == 0 && accounts.doubled() == 0;
  }

  @Override
  public void close() {
    committed.close();
    all.close();
  }
}
