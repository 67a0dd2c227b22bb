package io.boostnet.jobs.run;

import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.SingleObject;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the topics of outcomes from their beginning, committed records alone, into a ledger. Not
 * thread-safe: one thread polls and closes it.
 */
public final class OutcomeReader implements Closeable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final ServeConfig.Topics topics;
  private final Ledger ledger;
  private final Consumer<Prediction> watcher;
  private final Consumer<ControlEvent> controlWatcher;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final BinaryMessageDecoder<Prediction> predictions =
      SingleObject.decoder(Prediction.class);
  private final BinaryMessageDecoder<ControlEvent> controlEvents =
      SingleObject.decoder(ControlEvent.class);
  private final BinaryMessageDecoder<DeadLetter> deadLetters =
      SingleObject.decoder(DeadLetter.class);

  /**
   * A reader.
   *
   * @param watcher is told of every prediction, on the thread that polls
   * @param controlWatcher is told of every control event, likewise
   */
  public OutcomeReader(
      KafkaAccess kafka,
      ServeConfig.Topics topics,
      Ledger ledger,
      Consumer<Prediction> watcher,
      Consumer<ControlEvent> controlWatcher) {
    this.topics = topics;
    this.watcher = watcher;
    this.controlWatcher = controlWatcher;
    this.ledger = ledger;
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        Stream.of(topics.predictions(), topics.deadLetters(), topics.controlEvents())
            .flatMap(topic -> partitions(topic).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  private List<PartitionInfo> partitions(String topic) {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    if (partitions == null || partitions.isEmpty()) {
      throw new IllegalStateException("the topic " + topic + " has no partitions");
    }
    return partitions;
  }

  /** Reads what is there, waiting a little where there is nothing. */
  void poll() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      try {
        take(record);
      } catch (IOException e) {
        throw new UncheckedIOException("reading " + record.topic() + " back", e);
      }
    }
  }

  /** Reads on until everything committed by now has been read. */
  public void drain() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      poll();
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) throws IOException {
    if (record.topic().equals(topics.predictions())) {
      Prediction prediction = predictions.decode(record.value());
      ledger.prediction(prediction, System.currentTimeMillis());
      watcher.accept(prediction);
    } else if (record.topic().equals(topics.deadLetters())) {
      ledger.deadLetter(deadLetters.decode(record.value()));
    } else {
      ledger.controlEvent();
      controlWatcher.accept(controlEvents.decode(record.value()));
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
