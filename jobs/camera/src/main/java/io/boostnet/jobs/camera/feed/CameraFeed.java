package io.boostnet.jobs.camera.feed;

import io.boostnet.jobs.camera.config.CameraConfig;
import io.boostnet.jobs.camera.config.Zone;
import io.boostnet.jobs.camera.feed.CameraCounts.State;
import io.boostnet.jobs.camera.input.DamagedFrameException;
import io.boostnet.jobs.camera.input.EncodedImage;
import io.boostnet.jobs.camera.input.FrameInput;
import io.boostnet.jobs.camera.input.MediaException;
import io.boostnet.schema.ImageFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a camera until it is stopped, or a file to its end, on a thread of its own, and hands what
 * is taken to a {@link FrameSink}. A live camera that fails, falls silent or ends is connected to
 * again; a file that fails is not.
 */
public final class CameraFeed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CameraFeed.class);

  private final String name;
  private final CameraConfig camera;
  private final FrameSink sink;
  private final CameraCounts counts;
  private final FeedPosition begin;
  private final Thread thread;
  private final Backoff backoff;
  private volatile boolean stopped;
  private volatile FrameInput input;
  private volatile long firstBeginMs;

  // Of the camera's thread alone.
  private long position;
  private long nextBeginMs;

  /**
   * A feed that does nothing yet.
   *
   * @param name of the camera: the source of its frames, or the first part of that
   * @param begin where it begins
   */
  public CameraFeed(
      String name, CameraConfig camera, FeedPosition begin, FrameSink sink, CameraCounts counts) {
    this.name = name;
    this.camera = camera;
    this.begin = begin;
    this.sink = sink;
    this.counts = counts;
    this.backoff = new Backoff(Duration.ofSeconds(camera.retrySeconds()));
    this.thread = new Thread(this::run, "camera-" + name);
    this.thread.setDaemon(true);
  }

  /** Begins to read. */
  public void start() {
    thread.start();
  }

  /** Event time of a file's first picture, in ms since the epoch; 0 where none was read yet. */
  public long beginMs() {
    return firstBeginMs;
  }

  /** Whether it is at its end. */
  public boolean ended() {
    return counts.state() == State.ENDED || counts.state() == State.FAILED;
  }

  private void run() {
    nextBeginMs = begin.beginMs();
    try {
      do {
        readOnce();
      } while (!stopped && (camera.live() ? pause() : camera.loop()));
      if (!ended()) {
        counts.state(State.ENDED);
      }
    } catch (InterruptedException e) {
      counts.state(State.ENDED);
    } catch (MediaException e) {
      fail(e);
    } catch (RuntimeException | Error e) { // of native code: memory, libraries
      LOG.error("Camera {} ends", name, e);
      fail(new MediaException(e.toString(), e));
    } finally {
      sink.ended();
    }
  }

  private void fail(MediaException e) {
    if (stopped) {
      counts.state(State.ENDED);
    } else {
      counts.problem(State.FAILED, e.getMessage());
    }
  }

  /** One connection, or one time through a file. Of a live camera no MediaException leaves it. */
  private void readOnce() throws MediaException, InterruptedException {
    counts.state(State.CONNECTING);
    try (FrameInput opened = camera.toInput()) {
      input = opened;
      if (stopped) {
        return;
      }
      opened.open();
      counts.connected(opened.description());
      LOG.info("Camera {}: {}", name, opened.description());
      read(opened);
      if (camera.live() && !stopped) {
        counts.problem(State.WAITING, camera.shownInput() + " ended");
      }
    } catch (MediaException e) {
      if (!camera.live()) {
        throw e;
      }
      if (!stopped) {
        LOG.info("Camera {}: {}", name, e.getMessage());
        counts.problem(State.WAITING, e.getMessage());
      }
    } finally {
      input = null;
    }
  }

  private boolean pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(backoff.pause().toMillis());
    return !stopped;
  }

  private void read(FrameInput frames) throws MediaException, InterruptedException {
    FrameSampler sampler = new FrameSampler(camera.rate());
    long beginMs = camera.live() ? 0 : beginMs(frames);
    firstBeginMs = position == 0 ? beginMs : firstBeginMs;
    EventClock clock = camera.live() ? EventClock.ofLiveStream() : EventClock.ofFile(beginMs);
    long startNanos = System.nanoTime();
    long firstMicros = FrameInput.NO_TIME;
    long damaged = 0;
    long lastMs = 0;
    while (!stopped && frames.advance()) {
      long arrivedMs = System.currentTimeMillis();
      long micros = frames.timeMicros();
      counts.read(arrivedMs);
      long eventMs = clock.of(micros, arrivedMs);
      long at = position++;
      boolean taken = sampler.takes(micros == FrameInput.NO_TIME ? arrivedMs * 1_000 : micros);
      if (taken && at >= begin.position()) {
        if (!camera.live() && camera.realtime() && micros != FrameInput.NO_TIME) {
          firstMicros = firstMicros == FrameInput.NO_TIME ? micros : firstMicros;
          awaitDue(startNanos, micros - firstMicros);
        }
        give(frames, at, eventMs);
        backoff.succeeded();
      }
      nextBeginMs = eventMs + Math.max(1, lastMs == 0 ? 40 : eventMs - lastMs);
      lastMs = eventMs;
      counts.damaged(frames.damaged() - damaged);
      damaged = frames.damaged();
    }
    counts.damaged(frames.damaged() - damaged);
  }

  /** Event time of the first frame of a file. */
  private long beginMs(FrameInput frames) {
    if (nextBeginMs > 0 && !(camera.realtime() && position > 0)) {
      return nextBeginMs;
    }
    if (camera.start() != null && position == 0) {
      return Instant.parse(camera.start()).toEpochMilli();
    }
    long recorded = camera.realtime() ? FrameInput.NO_TIME : frames.recordedAtMs();
    return recorded == FrameInput.NO_TIME ? System.currentTimeMillis() : recorded;
  }

  private static void awaitDue(long startNanos, long micros) throws InterruptedException {
    long left = startNanos + micros * 1_000 - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  private void give(FrameInput frames, long at, long eventMs)
      throws MediaException, InterruptedException {
    try {
      List<PlacedFrame> taken = new ArrayList<>();
      if (camera.whole()) {
        taken.add(frame(name, at, eventMs, frames.whole()));
      }
      for (Map.Entry<String, Zone> zone : camera.zones().entrySet()) {
        EncodedImage part = frames.part(zone.getValue().box());
        taken.add(frame(name + "/" + zone.getKey(), at, eventMs, part));
      }
      sink.take(taken, at);
      counts.taken();
    } catch (DamagedFrameException e) {
      LOG.debug("Camera {}: {}", name, e.getMessage());
    }
  }

  private PlacedFrame frame(String source, long at, long eventMs, EncodedImage image) {
    ImageFrame frame =
        ImageFrame.newBuilder()
            .setSourceId(source)
            .setSequence(begin.sequence() + at)
            .setTimestampMs(eventMs)
            .setContentType(image.contentType())
            .setImage(ByteBuffer.wrap(image.bytes()))
            .build();
    return new PlacedFrame(frame, image.part());
  }

  /** Has it end, and does not wait for that. */
  public void stop() {
    stopped = true;
    FrameInput open = input;
    if (open != null) {
      open.cancel();
    }
    thread.interrupt();
  }

  /** Stops it, and waits until its thread has ended and its memory is free. */
  @Override
  public void close() {
    stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
