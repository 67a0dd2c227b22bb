package io.boostnet.jobs.accounts;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Frame;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.outcomes.OutcomeListener;
import io.boostnet.jobs.outcomes.OutcomeReader;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Prediction;
import java.io.Closeable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Enters the topics of frames and of outcomes into accounts, from their beginning, committed
 * records alone. The frames that stand there when it is made are counted; later ones only explain
 * their outcomes, so that it can be used while a load goes on.
 *
 * <p>It reads in rounds: up to where the topics end when the round begins, frames before outcomes,
 * so that an outcome whose frame was not read is one of nothing published. For one thread, which
 * closes it.
 */
final class AccountsReader implements Closeable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final TopicConfig topics;
  private final FormatConfig format;
  private final Accounts accounts = new Accounts();
  private final OutcomeReader frames;
  private final OutcomeReader outcomes;

  /** Where the frames that are counted end. */
  private final Map<TopicPartition, Long> counted;

  /** Where the round ends. */
  private Map<TopicPartition, Long> frameEnds;

  private Map<TopicPartition, Long> outcomeEnds;

  private final LongStream.Builder decidedAtMs = LongStream.builder();
  private long notFrames;
  private int unreadable;

  AccountsReader(KafkaAccess kafka, TopicConfig topics, FormatConfig format) {
    this.topics = topics;
    this.format = format;
    frames = reader(kafka, topics.frameTopics(), new Publications());
    outcomes = reader(kafka, List.of(topics.predictions(), topics.deadLetters()), new Outcomes());
    nextRound();
    counted = frameEnds;
  }

  private OutcomeReader reader(KafkaAccess kafka, List<String> read, OutcomeListener listener) {
    return new OutcomeReader(kafka, topics, format, read, IsolationLevel.READ_COMMITTED, listener);
  }

  /** Begins a round that ends where the topics end now. */
  void nextRound() {
    // Outcomes first: their frames stand on the topic by then. Outcomes of open transactions are
    // waited for.
    outcomeEnds = outcomes.endsOfAll();
    frameEnds = frames.ends();
  }

  /** Reads what is there of the round; returns how many records that was. */
  int poll() {
    return frames.hasReadTo(frameEnds)
        ? outcomes.pollTo(outcomeEnds, POLL)
        : frames.poll(POLL); // further than the round is well: it explains more
  }

  /** Frames, as the broker has them. */
  private final class Publications implements OutcomeListener {

    @Override
    public void frame(EncodedFrame encoded, ConsumerRecord<byte[], byte[]> record) {
      Frame frame = encoded.frame();
      Accounts.Key key = new Accounts.Key(frame.sourceId(), frame.sequence());
      if (counts(record)) {
        accounts.published(key, record.topic(), record.partition(), record.offset());
      } else {
        accounts.publishedLater(key);
      }
    }

    @Override
    public void unreadable(ConsumerRecord<byte[], byte[]> record, Exception reason) {
      if (counts(record)) {
        accounts.published(
            new Accounts.Key(Accounts.BAD, notFrames++),
            record.topic(),
            record.partition(),
            record.offset());
      }
    }

    private boolean counts(ConsumerRecord<byte[], byte[]> record) {
      return record.offset() < counted.get(new TopicPartition(record.topic(), record.partition()));
    }
  }

  /** What became of them. */
  private final class Outcomes implements OutcomeListener {

    @Override
    public void prediction(Prediction prediction) {
      accounts.predicted(new Accounts.Key(prediction.getSourceId(), prediction.getSequence()));
      decidedAtMs.add(prediction.getDecidedAtMs());
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      TopicPartition partition = new TopicPartition(letter.getTopic(), letter.getPartition());
      boolean ofLaterFrame =
          letter.getOffset() >= counted.getOrDefault(partition, Long.MAX_VALUE)
              && letter.getOffset() < frameEnds.get(partition);
      if (!ofLaterFrame) {
        accounts.dead(letter.getTopic(), letter.getPartition(), letter.getOffset());
      }
    }

    @Override
    public void unreadable(ConsumerRecord<byte[], byte[]> record, Exception reason) {
      unreadable++;
    }
  }

  /** Whether the round is over. */
  boolean isAtEnds() {
    return frames.hasReadTo(frameEnds) && outcomes.hasReadTo(outcomeEnds);
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
        !outcomes.hasReadTo(outcomeEnds),
        pause / 1e3);
  }

  @Override
  public void close() {
    frames.close();
    outcomes.close();
  }
}
