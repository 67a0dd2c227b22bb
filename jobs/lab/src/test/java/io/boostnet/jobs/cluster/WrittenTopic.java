package io.boostnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.kafka.KafkaAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What a job or a query wrote to a topic, in JSON, and how fast. */
final class WrittenTopic {

  private static final Duration QUIET = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<JsonNode> values = new ArrayList<>();
  private final List<Long> writtenMs = new ArrayList<>();

  /** Reads until this many records are there; fails where none comes for a long while. */
  static WrittenTopic read(KafkaAccess kafka, String topic, long count) throws Exception {
    WrittenTopic written = new WrittenTopic();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            kafka.properties(), new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(each -> new TopicPartition(topic, each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (written.values.size() < count) {
        var polled = consumer.poll(QUIET);
        assertThat(polled.isEmpty())
            .as("%s after %d of %d", topic, written.values.size(), count)
            .isFalse();
        for (ConsumerRecord<String, String> record : polled) {
          written.values.add(JSON.readTree(record.value()));
          written.writtenMs.add(record.timestamp());
        }
      }
    }
    return written;
  }

  List<JsonNode> values() {
    return values;
  }

  /** Records a second of the last two thirds: before that, code is still being compiled. */
  double rate() {
    List<Long> sorted = writtenMs.stream().sorted().toList();
    int from = sorted.size() / 3;
    int last = sorted.size() - 1;
    return (last - from) * 1e3 / (sorted.get(last) - sorted.get(from));
  }
}
