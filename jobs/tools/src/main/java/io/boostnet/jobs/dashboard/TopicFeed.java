package io.boostnet.jobs.dashboard;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.format.ZonePlace;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.outcomes.OutcomeListener;
import io.boostnet.jobs.outcomes.OutcomeReader;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Event;
import io.boostnet.schema.Prediction;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the topics into a {@link LiveSeries}, in a thread of its own; thread-safe. */
final class TopicFeed implements Closeable {

  private static final Duration POLL = Duration.ofMillis(200);

  /** So many of the latest control events are read at once. */
  private static final int CONTROL_EVENTS = 200;

  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(TopicFeed.class);

  private final KafkaAccess kafka;
  private final TopicConfig topics;
  private final FormatConfig format;
  private final LiveSeries series = new LiveSeries();
  private final RecentImages images = new RecentImages();
  private final CameraWall wall = new CameraWall();
  private final Thread thread = new Thread(this::run, "live-page-topics");
  private volatile boolean closed;
  private String error;
  private String bundle;

  private TopicFeed(KafkaAccess kafka, TopicConfig topics, FormatConfig format) {
    this.kafka = kafka;
    this.topics = topics;
    this.format = format;
  }

  static TopicFeed start(KafkaAccess kafka, TopicConfig topics, FormatConfig format) {
    TopicFeed feed = new TopicFeed(kafka, topics, format);
    feed.thread.setDaemon(true);
    feed.thread.start();
    return feed;
  }

  /**
   * What there is to show.
   *
   * @param after the seconds after this one, since the Unix epoch
   * @param imagesSeen {@link LiveState#imagesVersion} of the images that the client has, -1 for
   *     none
   * @param wallSeen the same for {@link LiveState#wallVersion}
   */
  synchronized LiveState state(long after, long imagesSeen, long wallSeen) {
    ControlEvent control = series.control();
    return new LiveState(
        control == null ? null : control.getPipeline(),
        bundle,
        System.currentTimeMillis(),
        error,
        series.predictions(),
        series.deadLetters(),
        control == null ? List.of() : control.getAuditAgreement(),
        series.after(after),
        series.changes(),
        images.version(),
        images.version() == imagesSeen ? null : images.strips(),
        wall.version(),
        wall.version() == wallSeen ? null : wall.sources(),
        wall.version() == wallSeen ? null : wall.events());
  }

  private void run() {
    while (!closed) {
      try (OutcomeReader reader = open()) {
        follow(reader);
      } catch (InterruptException e) {
        return;
      } catch (KafkaException | ConfigException e) {
        report("The topics cannot be read: " + e.getMessage());
        pause();
      } catch (RuntimeException e) {
        LOG.warn("The topics cannot be read; opening them again", e);
        report("The topics cannot be read: " + e);
        pause();
      }
    }
  }

  private OutcomeReader open() {
    List<String> read = new ArrayList<>(topics.frameTopics());
    read.addAll(List.of(topics.predictions(), topics.deadLetters(), topics.controlEvents()));
    if (topics.events() != null) {
      read.add(topics.events());
    }
    return new OutcomeReader(
        kafka, topics, format, read, IsolationLevel.READ_UNCOMMITTED, new Feed());
  }

  private void follow(OutcomeReader reader) {
    // The newest change says what is in force; it may be old.
    reader.seekToEndBut(topics.controlEvents(), CONTROL_EVENTS);
    report(null);
    while (!closed) {
      synchronized (this) {
        series.now(System.currentTimeMillis());
      }
      reader.poll(POLL);
    }
  }

  /** Puts what is read where the page finds it. */
  private final class Feed implements OutcomeListener {

    @Override
    public void frame(EncodedFrame frame, ConsumerRecord<byte[], byte[]> record) {
      synchronized (TopicFeed.this) {
        series.offered(record.timestamp());
        images.frame(frame);
        ZonePlace.of(record.headers())
            .ifPresent(place -> wall.placed(frame.frame().sourceId(), place));
      }
    }

    @Override
    public void prediction(Prediction prediction) {
      if (prediction.getExit() < 1 || prediction.getExit() > prediction.getExits()) {
        return; // not one of ours
      }
      synchronized (TopicFeed.this) {
        bundle = prediction.getBundle() + " " + prediction.getBundleVersion();
        series.predicted(prediction);
        wall.predicted(prediction, images.predicted(prediction));
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      synchronized (TopicFeed.this) {
        series.dead();
      }
    }

    @Override
    public void controlEvent(ControlEvent event) {
      synchronized (TopicFeed.this) {
        series.changed(event);
      }
    }

    @Override
    public void event(Event event) {
      synchronized (TopicFeed.this) {
        wall.event(event);
      }
    }

    @Override
    public void unreadable(ConsumerRecord<byte[], byte[]> record, Exception reason) {
      if (topics.frameTopics().contains(record.topic())) {
        synchronized (TopicFeed.this) {
          series.offered(record.timestamp()); // the job makes a dead letter of it
        }
      }
    }
  }

  private synchronized void report(String newError) {
    error = newError;
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
