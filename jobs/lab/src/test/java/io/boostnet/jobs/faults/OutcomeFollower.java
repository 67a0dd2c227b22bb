package io.boostnet.jobs.faults;

import io.boostnet.jobs.accounts.Accounts;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.outcomes.OutcomeListener;
import io.boostnet.jobs.outcomes.OutcomeReader;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Event;
import io.boostnet.schema.Prediction;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;

/** Reads outcomes as a careful reader does, committed ones alone, on a thread of its own. */
final class OutcomeFollower implements OutcomeListener, Closeable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  /**
   * A prediction and when it could be read.
   *
   * @param prediction what was read
   * @param seen when
   */
  record Seen(Prediction prediction, Instant seen) {

    Accounts.Key key() {
      return new Accounts.Key(prediction.getSourceId(), prediction.getSequence());
    }
  }

  private final KafkaAccess kafka;
  private final TopicConfig topics;
  private final FormatConfig format;
  private final Accounts accounts;
  private final Queue<Seen> predictions = new ConcurrentLinkedQueue<>();
  private final Queue<Event> events = new ConcurrentLinkedQueue<>();
  private final Queue<CompletableFuture<Boolean>> questions = new ConcurrentLinkedQueue<>();
  private final Thread thread = new Thread(this::follow, "outcomes");
  private volatile boolean stopped;
  private volatile RuntimeException failure;

  OutcomeFollower(KafkaAccess kafka, TopicConfig topics, FormatConfig format, Accounts accounts) {
    this.kafka = kafka;
    this.topics = topics;
    this.format = format;
    this.accounts = accounts;
    thread.setDaemon(true);
    thread.start();
  }

  private void follow() {
    try (OutcomeReader reader =
        new OutcomeReader(
            kafka,
            topics,
            format,
            List.of(topics.predictions(), topics.deadLetters(), topics.events()),
            IsolationLevel.READ_COMMITTED,
            this)) {
      while (!stopped) {
        reader.poll(POLL);
        for (var asked = questions.poll(); asked != null; asked = questions.poll()) {
          asked.complete(reader.hasReadTo(reader.endsOfAll()));
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  @Override
  public void prediction(Prediction prediction) {
    Seen seen = new Seen(prediction, Instant.now());
    predictions.add(seen);
    accounts.predicted(seen.key());
  }

  @Override
  public void event(Event event) {
    events.add(event);
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    accounts.dead(letter.getPartition(), letter.getOffset());
  }

  @Override
  public void unreadable(ConsumerRecord<byte[], byte[]> record, Exception reason) {
    throw new IllegalStateException("reading outcomes back", reason);
  }

  /** All events so far. */
  Queue<Event> events() {
    return events;
  }

  /** All predictions so far, in the order in which they were read. */
  Queue<Seen> predictions() {
    if (failure != null) {
      throw failure;
    }
    return predictions;
  }

  /** Whether everything on the topics was read, so that no transaction is open either. */
  boolean hasReadAll() {
    CompletableFuture<Boolean> question = new CompletableFuture<>();
    questions.add(question);
    return question
        .completeOnTimeout(false, ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
