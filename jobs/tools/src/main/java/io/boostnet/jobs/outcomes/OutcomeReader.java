package io.boostnet.jobs.outcomes;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.format.Formats;
import io.boostnet.jobs.format.RecordReader;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.kafka.SourceRecordSchema;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Event;
import io.boostnet.schema.Prediction;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics of a deployment and hands on what is in them, decoded. It is in no consumer group
 * and commits nothing. One thread polls and closes it.
 */
public final class OutcomeReader implements Closeable {

  private final TopicConfig topics;
  private final OutcomeListener listener;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /** Knows where a topic ends, open transactions included. */
  private final KafkaConsumer<byte[], byte[]> uncommitted;

  private final List<TopicPartition> partitions;
  private final FrameDecoder<SourceRecord> frames;
  private final RecordReader<Prediction> predictions;
  private final RecordReader<DeadLetter> deadLetters;
  private final RecordReader<ControlEvent> controlEvents;
  private final RecordReader<Event> events;

  /** A reader of Avro single-object encoding. */
  public OutcomeReader(
      KafkaAccess kafka,
      TopicConfig topics,
      List<String> read,
      IsolationLevel isolation,
      OutcomeListener listener) {
    this(kafka, topics, FormatConfig.DEFAULT, read, isolation, listener);
  }

  /**
   * A reader that stands at the beginning of its topics.
   *
   * @param topics the deployment's
   * @param format what their records are
   * @param read those of them that are read
   * @param isolation whether records of open transactions are read too
   * @throws ConfigException where a topic does not exist
   */
  public OutcomeReader(
      KafkaAccess kafka,
      TopicConfig topics,
      FormatConfig format,
      List<String> read,
      IsolationLevel isolation,
      OutcomeListener listener) {
    this.topics = topics;
    this.frames = Formats.frameDecoder(format);
    this.predictions = Formats.reader(format, Prediction.class);
    this.deadLetters = Formats.reader(format, DeadLetter.class);
    this.controlEvents = Formats.reader(format, ControlEvent.class);
    this.events = Formats.reader(format, Event.class);
    frames.open();
    this.listener = listener;
    consumer = consumer(kafka, isolation);
    uncommitted = consumer(kafka, IsolationLevel.READ_UNCOMMITTED);
    try {
      partitions = read.stream().flatMap(topic -> partitions(topic).stream()).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(
      KafkaAccess kafka, IsolationLevel isolation) {
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private List<TopicPartition> partitions(String topic) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic);
    if (infos == null || infos.isEmpty()) {
      throw new ConfigException("The topic " + topic + " does not exist; give the job's topics.");
    }
    return infos.stream().map(info -> new TopicPartition(info.topic(), info.partition())).toList();
  }

  /**
   * Goes to the end of all topics but for the last records of one.
   *
   * @param topic the topic whose last records are read
   * @param last so many of each of its partitions
   */
  public void seekToEndBut(String topic, long last) {
    consumer.seekToEnd(partitions);
    for (TopicPartition partition : partitions) {
      if (partition.topic().equals(topic)) {
        consumer.seek(partition, Math.max(0, consumer.position(partition) - last));
      }
    }
  }

  /**
   * Hands on what is there, waiting a little where there is nothing.
   *
   * @return how many records that was
   */
  public int poll(Duration patience) {
    return take(consumer.poll(patience), Map.of());
  }

  /**
   * Hands on what is there before some offsets; what is at and behind them stays unread.
   *
   * @param ends an offset for every partition
   * @return how many records that was
   */
  public int pollTo(Map<TopicPartition, Long> ends, Duration patience) {
    return take(consumer.poll(patience), ends);
  }

  private int take(ConsumerRecords<byte[], byte[]> records, Map<TopicPartition, Long> ends) {
    int count = 0;
    for (TopicPartition partition : records.partitions()) {
      long end = ends.getOrDefault(partition, Long.MAX_VALUE);
      for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
        if (record.offset() >= end) {
          consumer.seek(partition, record.offset());
          break;
        }
        take(record);
        count++;
      }
    }
    return count;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    Runnable handOver;
    try {
      handOver = decoded(record, SourceRecordSchema.of(record));
    } catch (IOException | AvroRuntimeException | RejectedFrameException e) {
      listener.unreadable(record, e);
      return;
    }
    handOver.run();
  }

  private Runnable decoded(ConsumerRecord<byte[], byte[]> record, SourceRecord source)
      throws IOException, RejectedFrameException {
    String topic = record.topic();
    if (topic.equals(topics.predictions())) {
      Prediction prediction = predictions.read(source);
      return () -> listener.prediction(prediction);
    }
    if (topic.equals(topics.deadLetters())) {
      DeadLetter letter = deadLetters.read(source);
      return () -> listener.deadLetter(letter);
    }
    if (topic.equals(topics.controlEvents())) {
      ControlEvent event = controlEvents.read(source);
      return () -> listener.controlEvent(event);
    }
    if (topic.equals(topics.events())) {
      Event event = events.read(source);
      return () -> listener.event(event);
    }
    EncodedFrame frame = frames.decode(source);
    return () -> listener.frame(frame, record);
  }

  /**
   * Where what can be read ends now, for a reader of committed records before open transactions.
   */
  public Map<TopicPartition, Long> ends() {
    return consumer.endOffsets(partitions);
  }

  /** Where the topics end now, records of open transactions included. */
  public Map<TopicPartition, Long> endsOfAll() {
    return uncommitted.endOffsets(partitions);
  }

  /** Whether everything before these offsets was handed on. */
  public boolean hasReadTo(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** Reads on until everything that can be read now was handed on. */
  public void drain(Duration patience) {
    Map<TopicPartition, Long> ends = ends();
    while (!hasReadTo(ends)) {
      poll(patience);
    }
  }

  @Override
  public void close() {
    frames.close();
    consumer.close();
    uncommitted.close();
  }
}
