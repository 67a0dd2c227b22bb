package io.boostnet.jobs.load;

import java.nio.file.Path;

/**
 * What to publish, and when.
 *
 * @param frames the frame file, published over and over
 * @param topic the topic
 * @param profile when each frame is due
 * @param count frames to publish, bad ones not counted, at least 1
 * @param bad deliberately bad records to publish beside them, spread evenly, their kinds in turn
 * @param drift how the stream leaves its file
 * @param deadlines deadlines of the frames; null for none
 */
public record LoadPlan(
    Path frames,
    String topic,
    LoadProfile profile,
    long count,
    int bad,
    StreamDrift drift,
    Deadlines deadlines) {

  public LoadPlan {
    if (count < 1) {
      throw new IllegalArgumentException("frames to publish are " + count + "; at least 1");
    }
    if (bad < 0 || bad > count) {
      throw new IllegalArgumentException(
          "bad records are " + bad + "; from 0 to the number of frames, " + count);
    }
  }

  /** A plan without drift and deadlines. */
  public LoadPlan(Path frames, String topic, LoadProfile profile, long count, int bad) {
    this(frames, topic, profile, count, bad, StreamDrift.NONE, null);
  }

  /** The same with drift. */
  public LoadPlan drifting(StreamDrift newDrift) {
    return new LoadPlan(frames, topic, profile, count, bad, newDrift, deadlines);
  }

  /** The same with deadlines. */
  public LoadPlan withDeadlines(Deadlines newDeadlines) {
    return new LoadPlan(frames, topic, profile, count, bad, drift, newDeadlines);
  }

  /** A plan for all frames that are due within a time. */
  public static LoadPlan lasting(
      double seconds, Path frames, String topic, LoadProfile profile, int bad) {
    return new LoadPlan(frames, topic, profile, Math.max(1, (long) profile.frames(seconds)), bad);
  }

  /**
   * How many bad records precede a frame in all.
   *
   * @param index number of the frame, from 0
   */
  long badBefore(long index) {
    return (index + 1) * bad / count;
  }
}
