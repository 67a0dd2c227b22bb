package io.boostnet.jobs.camera.feed;

import java.util.concurrent.atomic.LongAdder;

/** What happened with the frames of one camera since it began. Any thread may read and count. */
public final class CameraCounts {

  /** What a camera does. */
  public enum State {
    /** Connects, or opens a file. */
    CONNECTING,
    /** Gives frames. */
    RUNNING,
    /** Waits before it connects again. */
    WAITING,
    /** A file is read to its end, or the camera was stopped. */
    ENDED,
    /** A file cannot be read. */
    FAILED
  }

  private final LongAdder read = new LongAdder();
  private final LongAdder taken = new LongAdder();
  private final LongAdder damaged = new LongAdder();
  private final LongAdder connections = new LongAdder();
  private final LongAdder published = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private volatile State state = State.CONNECTING;
  private volatile String problem = "";
  private volatile String description = "";
  private volatile long lastArrivedMs;

  void connected(String what) {
    connections.increment();
    description = what;
    state = State.RUNNING;
    problem = "";
  }

  void read(long arrivedMs) {
    read.increment();
    lastArrivedMs = arrivedMs;
  }

  void taken() {
    taken.increment();
  }

  void damaged(long more) {
    damaged.add(more);
  }

  void state(State now) {
    state = now;
  }

  void problem(State now, String sentence) {
    state = now;
    problem = sentence;
  }

  /** A frame is on the topic. */
  public void published(int imageBytes) {
    published.increment();
    bytes.add(imageBytes);
  }

  /** Frames gave way to newer ones. */
  public void dropped(int frames) {
    dropped.add(frames);
  }

  /**
   * Kafka will never take a frame.
   *
   * @param sentence why not
   */
  public void refused(String sentence) {
    refused.increment();
    problem = sentence;
  }

  /** Pictures that came. */
  public long readCount() {
    return read.sum();
  }

  /** Pictures that were taken of those. */
  public long takenCount() {
    return taken.sum();
  }

  /** Pictures and packets that were damaged and left out. */
  public long damagedCount() {
    return damaged.sum();
  }

  /** Times that the camera was connected to. */
  public long connectionCount() {
    return connections.sum();
  }

  /** Frames on the topic: one a picture and zone. */
  public long publishedCount() {
    return published.sum();
  }

  /** Frames that gave way to newer ones. */
  public long droppedCount() {
    return dropped.sum();
  }

  /** Frames that Kafka did not take, as too large for the topic. */
  public long refusedCount() {
    return refused.sum();
  }

  /** Bytes of images on the topic. */
  public long publishedBytes() {
    return bytes.sum();
  }

  /** What it does now. */
  public State state() {
    return state;
  }

  /** What is wrong, in one clause; empty where nothing is. */
  public String problem() {
    return problem;
  }

  /** What is read, for a person. */
  public String description() {
    return description;
  }

  /** When the last picture came, in ms since the epoch; 0 for none yet. */
  public long lastArrivedMs() {
    return lastArrivedMs;
  }
}
