package io.boostnet.jobs.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.DeadLetterReason;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BrokerExtension.class)
class AccountsITCase {

  private final KafkaAccess kafka;

  AccountsITCase(KafkaAccess kafka) {
    this.kafka = kafka;
  }

  @Test
  void accounts_oneOutcomeForEachRecord_balanced() throws Exception {
    createTopics("even");
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      frame(producer, "even", 0);
      frame(producer, "even", 1);
      RecordMetadata refused = frame(producer, "even", 2);
      RecordMetadata notAFrame = send(producer, "even-frames", new byte[] {1, 2, 3});
      prediction(producer, "even", 0, 1000);
      prediction(producer, "even", 1, 4000);
      deadLetter(producer, "even", refused);
      deadLetter(producer, "even", notAFrame);
    }

    CommandResult result = accounts("even");

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("published 4, predictions 2, dead letters 2; missing 0, doubled 0\n")
        .contains("longest pause between decisions 3.0 s");
  }

  @Test
  void accounts_frameWithoutAndFrameWithTwoOutcomes_bothCounted() throws Exception {
    createTopics("odd");
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      frame(producer, "odd", 0);
      frame(producer, "odd", 1);
      prediction(producer, "odd", 1, 0);
      prediction(producer, "odd", 1, 0);
    }

    CommandResult result = accounts("odd");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("missing 1, doubled 1\n");
  }

  @Test
  void accounts_outcomeOfAnOpenTransaction_notCounted() throws Exception {
    createTopics("open");
    Properties properties = kafka.properties();
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "accounts-test");
    try (Producer<byte[], byte[]> producer = kafka.producer();
        Producer<byte[], byte[]> transactional =
            new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      frame(producer, "open", 0);
      transactional.initTransactions();
      transactional.beginTransaction();
      prediction(transactional, "open", 0, 0);

      CommandResult before = accounts("open");
      assertThat(before.code()).isEqualTo(1);
      assertThat(before.out()).contains("predictions 0").contains("open transactions");

      transactional.commitTransaction();
      assertThat(accounts("open").code()).isZero();
    }
  }

  @Test
  @Timeout(60)
  void accounts_loadThatGoesOn_countsWhatIsThere() throws Exception {
    createTopics("load");
    try (Producer<byte[], byte[]> producer = kafka.producer();
        Load load = new Load("load", 1)) {
      frame(producer, "load", 0);
      load.begin();

      CommandResult lost = accounts("load");
      assertThat(lost.code()).isEqualTo(1);
      assertThat(lost.out()).contains("missing 1, doubled 0").doesNotContain("open transactions");

      prediction(producer, "load", 0, 0);
      CommandResult even = accounts("load");
      assertThat(even.code()).as(even.out() + even.err()).isZero();
    }
  }

  /** Publishes frames, some of them dead at once and the others predicted, until it is closed. */
  private final class Load implements AutoCloseable {

    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final CountDownLatch someArePublished = new CountDownLatch(50);
    private final Thread thread;
    private volatile boolean stopped;

    Load(String prefix, long first) {
      thread = new Thread(() -> publish(prefix, first), "load");
    }

    void begin() throws InterruptedException {
      thread.start();
      someArePublished.await();
    }

    private void publish(String prefix, long first) {
      try (Producer<byte[], byte[]> producer = kafka.producer()) {
        for (long i = first; !stopped; i++) {
          RecordMetadata published = frame(producer, prefix, i);
          if (i % 7 == 0) {
            deadLetter(producer, prefix, published);
          } else {
            prediction(producer, prefix, i, 0);
          }
          someArePublished.countDown();
        }
        end.complete(null);
      } catch (Exception e) {
        end.completeExceptionally(e);
      }
    }

    @Override
    public void close() {
      stopped = true;
      end.join();
    }
  }

  @Test
  void accounts_recordsWithoutAValue_areUnreadable() throws Exception {
    createTopics("null");
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      RecordMetadata tombstone = send(producer, "null-frames", null);
      deadLetter(producer, "null", tombstone);
      CommandResult frames = accounts("null");
      assertThat(frames.code()).as(frames.out() + frames.err()).isZero();
      assertThat(frames.out()).contains("published 1, predictions 0, dead letters 1");

      send(producer, "null-predictions", null);
      send(producer, "null-dead-letters", null);
      CommandResult outcomes = accounts("null");
      assertThat(outcomes.code()).isEqualTo(1);
      assertThat(outcomes.out())
          .contains("missing 0, doubled 0; 2 outcomes unreadable (not in the format avro?");
    }
  }

  @Test
  void accounts_topicsMissing_toldInOneSentence() {
    CommandResult result = accounts("nowhere");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("nowhere-frames does not exist");
  }

  private void createTopics(String prefix) {
    kafka.ensureTopics(
        Map.of(prefix + "-frames", 2, prefix + "-predictions", 2, prefix + "-dead-letters", 1));
  }

  private CommandResult accounts(String prefix) {
    return CommandResult.of(
        "accounts",
        "--bootstrap",
        kafka.bootstrapServers(),
        "--frames-topic",
        prefix + "-frames",
        "--predictions-topic",
        prefix + "-predictions",
        "--dead-letters-topic",
        prefix + "-dead-letters",
        "--patience",
        2);
  }

  private static RecordMetadata frame(Producer<byte[], byte[]> to, String prefix, long sequence)
      throws Exception {
    return send(
        to, prefix + "-frames", bytes(ImageFrame.getEncoder().encode(Frames.frame("a", sequence))));
  }

  private static void prediction(
      Producer<byte[], byte[]> to, String prefix, long sequence, long decidedAtMs)
      throws Exception {
    Prediction prediction =
        Prediction.newBuilder()
            .setSourceId("a")
            .setSequence(sequence)
            .setTimestampMs(0)
            .setLabel(0)
            .setLabelName("zero")
            .setConfidence(0.9f)
            .setExit(1)
            .setExits(2)
            .setCost(0.5)
            .setForced(false)
            .setThresholdsVersion(1)
            .setBundle("b")
            .setBundleVersion("1")
            .setSubtask(0)
            .setDecidedAtMs(decidedAtMs)
            .build();
    send(to, prefix + "-predictions", bytes(Prediction.getEncoder().encode(prediction)));
  }

  private static void deadLetter(Producer<byte[], byte[]> to, String prefix, RecordMetadata about)
      throws Exception {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setReason(DeadLetterReason.OTHER)
            .setDetail("not whole")
            .setStage("decode")
            .setTopic(about.topic())
            .setPartition(about.partition())
            .setOffset(about.offset())
            .setTimestampMs(0)
            .setPayload(ByteBuffer.allocate(0))
            .setPayloadSize(0)
            .build();
    send(to, prefix + "-dead-letters", bytes(DeadLetter.getEncoder().encode(letter)));
  }

  private static RecordMetadata send(Producer<byte[], byte[]> to, String topic, byte[] value)
      throws ExecutionException, InterruptedException {
    return to.send(new ProducerRecord<>(topic, value)).get();
  }

  private static byte[] bytes(ByteBuffer buffer) throws IOException {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
