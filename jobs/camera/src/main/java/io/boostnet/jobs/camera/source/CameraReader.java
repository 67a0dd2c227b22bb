package io.boostnet.jobs.camera.source;

import io.boostnet.jobs.camera.feed.CameraCounts;
import io.boostnet.jobs.camera.feed.CameraCounts.State;
import io.boostnet.jobs.camera.feed.CameraFeed;
import io.boostnet.jobs.camera.feed.FeedPosition;
import io.boostnet.jobs.camera.feed.PictureQueue;
import io.boostnet.jobs.camera.feed.PlacedFrame;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.MetricGroup;

/**
 * The cameras of one subtask, each on a thread of its own, emptied in turn by the task's thread. A
 * picture is handed on with all its zones at once, so that no checkpoint falls between them.
 */
final class CameraReader implements SourceReader<ImageFrame, CameraSplit> {

  /** A camera that is being read; the position is the task's thread's. */
  private static final class Reading {
    private final CameraSplit split;
    private final CameraCounts counts = new CameraCounts();
    private final PictureQueue queue;
    private final CameraFeed feed;
    private long position;

    Reading(CameraSplit split, Lock lock, Runnable arrived) {
      this.split = split;
      this.position = split.begin().position();
      boolean live = split.camera().live();
      queue = new PictureQueue(live, split.camera().queue(), counts, lock, arrived);
      FeedPosition begin =
          live ? FeedPosition.first(true, System.currentTimeMillis()) : split.begin();
      feed = new CameraFeed(split.name(), split.camera(), begin, queue, counts);
    }

    CameraSplit state() {
      FeedPosition begin = split.begin();
      long found = feed.beginMs(); // 0 until the file is open again
      return split.at(
          new FeedPosition(position, begin.sequence(), found == 0 ? begin.beginMs() : found));
    }
  }

  private final MetricGroup metrics;
  private final List<Reading> readings = new ArrayList<>();
  private final Lock lock = new ReentrantLock();
  private CompletableFuture<Void> available = new CompletableFuture<>();
  private boolean noMore;
  private int turn;

  CameraReader(MetricGroup metrics) {
    this.metrics = metrics;
  }

  @Override
  public void start() {}

  @Override
  public void addSplits(List<CameraSplit> splits) {
    for (CameraSplit split : splits) {
      Reading reading = new Reading(split, lock, this::wake);
      readings.add(reading);
      register(reading.counts, metrics.addGroup("camera", split.name()));
      reading.feed.start();
    }
  }

  private static void register(CameraCounts counts, MetricGroup group) {
    group.gauge("picturesRead", counts::readCount);
    group.gauge("picturesDamaged", counts::damagedCount);
    group.gauge("framesDropped", counts::droppedCount);
    group.gauge("connections", counts::connectionCount);
  }

  /** The lock is held. */
  private void wake() {
    available.complete(null);
  }

  @Override
  public void notifyNoMoreSplits() {
    lock.lock();
    try {
      noMore = true;
      wake();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public InputStatus pollNext(ReaderOutput<ImageFrame> output) throws IOException {
    PictureQueue.Picture picture = null;
    Reading reading = null;
    lock.lock();
    try {
      for (int i = 0; i < readings.size() && picture == null; i++) {
        reading = readings.get((turn + i) % readings.size());
        picture = reading.queue.poll();
      }
      if (picture == null) {
        return atRest(output);
      }
      turn = (readings.indexOf(reading) + 1) % readings.size();
    } finally {
      lock.unlock();
    }
    SourceOutput<ImageFrame> target = output.createOutputForSplit(reading.split.splitId());
    for (PlacedFrame placed : picture.frames()) {
      target.collect(placed.frame(), placed.frame().getTimestampMs());
    }
    reading.position = picture.position() + 1;
    return InputStatus.MORE_AVAILABLE;
  }

  /** No picture waits: the lock is held. */
  private InputStatus atRest(ReaderOutput<ImageFrame> output) throws IOException {
    for (Reading reading : List.copyOf(readings)) {
      if (reading.counts.state() == State.FAILED) {
        throw new IOException(
            "The camera %s cannot be read: %s"
                .formatted(reading.split.name(), reading.counts.problem()));
      }
      if (reading.feed.ended()) {
        output.releaseOutputForSplit(reading.split.splitId());
        readings.remove(reading);
      }
    }
    if (noMore && readings.isEmpty()) {
      return InputStatus.END_OF_INPUT;
    }
    available = new CompletableFuture<>();
    return InputStatus.NOTHING_AVAILABLE;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    lock.lock();
    try {
      return available;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<CameraSplit> snapshotState(long checkpointId) {
    return readings.stream().map(Reading::state).toList();
  }

  @Override
  public void close() {
    readings.forEach(reading -> reading.feed.stop());
    readings.forEach(reading -> reading.feed.close());
  }
}
