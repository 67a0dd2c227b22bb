package io.boostnet.jobs.bench;

import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.SingleObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What Kafka alone takes: a process that answers every frame with a prediction of nothing as soon
 * as it has read it, with one producer and one consumer that wait for as little as those of the
 * at-least-once job, and without Flink, decoded image or neural network. It runs until its standard
 * input ends.
 */
final class KafkaRelay {

  private static final Duration POLL = Duration.ofMillis(100);

  private KafkaRelay() {}

  /** Its arguments. */
  static List<String> arguments(String bootstrapServers, String frames, String predictions) {
    return List.of(bootstrapServers, frames, predictions);
  }

  /** The process. */
  public static void main(String[] arguments) throws IOException {
    endWithInput();
    String frames = arguments[1];
    String predictions = arguments[2];
    KafkaAccess kafka = KafkaAccess.to(arguments[0]);
    Properties reading = kafka.properties();
    reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    BinaryMessageDecoder<ImageFrame> decoder = SingleObject.decoder(ImageFrame.class);
    BinaryMessageEncoder<Prediction> encoder = SingleObject.encoder(Prediction.class);
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> producer = kafka.promptly().producer()) {
      List<TopicPartition> all =
          consumer.partitionsFor(frames).stream()
              .map(info -> new TopicPartition(frames, info.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          byte[] value = encoder.encode(answer(decoder.decode(record.value()))).array();
          producer.send(
              new ProducerRecord<>(predictions, record.partition(), null, value),
              (written, failure) -> endWith(failure));
        }
      }
    }
  }

  private static void endWithInput() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Standard input carries nothing; its end is the signal.
                }
              } catch (IOException e) {
                // That is an end too.
              }
              Runtime.getRuntime().halt(0);
            },
            "end with input");
    watch.setDaemon(true);
    watch.start();
  }

  private static void endWith(Exception failure) {
    if (failure != null) {
      failure.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static Prediction answer(ImageFrame frame) {
    return Prediction.newBuilder()
        .setSourceId(frame.getSourceId())
        .setSequence(frame.getSequence())
        .setTimestampMs(frame.getTimestampMs())
        .setLabel(0)
        .setLabelName("")
        .setConfidence(0)
        .setExit(1)
        .setExits(1)
        .setCost(0)
        .setForced(false)
        .setThresholdsVersion(0)
        .setBundle("")
        .setBundleVersion("")
        .setSubtask(0)
        .setDecidedAtMs(System.currentTimeMillis())
        .build();
  }
}
