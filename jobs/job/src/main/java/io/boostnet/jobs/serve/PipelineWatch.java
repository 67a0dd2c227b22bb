package io.boostnet.jobs.serve;

import io.boostnet.flink.metrics.MetricNames;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.kafka.OpenTransactions;
import io.boostnet.jobs.kafka.PipelineLease;
import io.boostnet.schema.ControlEvent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands once in a job, where few records pass, and lets them pass. Beside them, on a thread of its
 * own, it holds the {@link PipelineLease} and measures {@link OpenTransactions} of the frames. What
 * it cannot do is logged, and never fails the job.
 */
final class PipelineWatch extends RichMapFunction<ControlEvent, ControlEvent> {

  private static final long serialVersionUID = 1;
  private static final Duration RENEW_EVERY = Duration.ofSeconds(1);
  private static final Duration ASK_EVERY = Duration.ofSeconds(5);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
  private static final Duration END_WITHIN = Duration.ofSeconds(3);
  private static final Logger LOG = LoggerFactory.getLogger(PipelineWatch.class);

  private final KafkaAccess kafka;
  private final String pipeline;
  private final TopicConfig topics;
  private transient Thread thread;
  private transient volatile boolean closed;
  private transient volatile PipelineLease held;
  private transient volatile OpenTransactions open;

  PipelineWatch(KafkaAccess kafka, String pipeline, TopicConfig topics) {
    this.kafka = kafka;
    this.pipeline = pipeline;
    this.topics = topics;
  }

  @Override
  public void open(OpenContext context) {
    MetricGroup metrics = getRuntimeContext().getMetricGroup();
    metrics.gauge(
        MetricNames.UNCOMMITTED_RECORDS, (Gauge<Long>) () -> open == null ? 0 : open.records());
    metrics.gauge(
        MetricNames.UNCOMMITTED_AGE_MS, (Gauge<Long>) () -> open == null ? 0 : open.oldestMs());
    thread = new Thread(this::watch, "boostnet-watch-" + pipeline);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public ControlEvent map(ControlEvent event) {
    return event;
  }

  private void watch() {
    while (!closed) {
      try (PipelineLease lease = new PipelineLease(kafka, pipeline, topics.controlEvents());
          OpenTransactions transactions =
              new OpenTransactions(kafka, topics.frameTopics(), topics.framePattern())) {
        held = lease;
        open = transactions;
        long due = System.nanoTime();
        while (!closed) {
          lease.renew(RENEW_EVERY);
          if (System.nanoTime() >= due) {
            transactions.ask(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
            due = System.nanoTime() + ASK_EVERY.toNanos();
          }
        }
      } catch (WakeupException | InterruptException e) {
        return; // closed
      } catch (KafkaException e) {
        LOG.warn(
            "Others cannot see that the pipeline {} runs, and open transactions on {} are not known ({});"
                + " trying again in {} s",
            pipeline,
            topics.frames(),
            e.toString(),
            RETRY_AFTER.toSeconds());
        LockSupport.parkNanos(RETRY_AFTER.toNanos());
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    if (held != null) {
      held.wakeUp(); // so that it leaves its group, and the next job need not wait
    }
    if (thread != null) {
      thread.join(END_WITHIN.toMillis());
      thread.interrupt();
    }
  }
}
