package io.boostnet.jobs.accounts;

import java.util.HashMap;
import java.util.Map;

/**
 * What was published and what became of it. A frame that was published twice must have two
 * outcomes. Outcomes may arrive before the broker's acknowledgement of the frame. Memory grows with
 * the frames published, 250 MB for a million. Thread-safe.
 */
public final class Accounts {

  /** Source of records that are no frames, or that were published as bad on purpose. */
  public static final String BAD = "bad";

  /**
   * A frame.
   *
   * @param source its source, {@link #BAD} for what is no frame
   * @param sequence its number within the source
   */
  public record Key(String source, long sequence) {}

  /** A Kafka record of the topic of frames. */
  private record Coordinates(String topic, int partition, long offset) {}

  /** Publications less outcomes of the frames where the two differ. */
  private final Map<Key, Integer> open = new HashMap<>();

  private final Map<Coordinates, Key> records = new HashMap<>();

  /** Dead letters of records that are not known, or not yet. */
  private final Map<Coordinates, Integer> strayLetters = new HashMap<>();

  /** Publications that are not counted and had no outcome yet. */
  private final Map<Key, Integer> later = new HashMap<>();

  private int published;
  private int predicted;
  private int dead;
  private int deadFrames;
  private int lost;
  private int doubled;

  /** The broker has this frame, on the one topic of frames. */
  public void published(Key key, int partition, long offset) {
    published(key, "", partition, offset);
  }

  /** The broker has this frame. */
  public synchronized void published(Key key, String topic, int partition, long offset) {
    Coordinates record = new Coordinates(topic, partition, offset);
    published++;
    records.put(record, key);
    Integer letters = strayLetters.remove(record);
    add(key, 1);
    if (letters != null) {
      doubled -= letters;
      add(key, -letters);
      deadFrames -= isBad(key) ? letters : 0;
    }
  }

  /** The broker has this frame, which is not counted; a prediction of it is not counted either. */
  synchronized void publishedLater(Key key) {
    later.merge(key, 1, Integer::sum);
  }

  /** A committed prediction could be read. */
  public synchronized void predicted(Key key) {
    if (open.getOrDefault(key, 0) <= 0 && later.containsKey(key)) {
      later.computeIfPresent(key, (frame, count) -> count == 1 ? null : count - 1);
      return;
    }
    predicted++;
    add(key, -1);
  }

  /** A committed dead letter of this record of the one topic of frames could be read. */
  public void dead(int partition, long offset) {
    dead("", partition, offset);
  }

  /** A committed dead letter of this record could be read. */
  public synchronized void dead(String topic, int partition, long offset) {
    Coordinates record = new Coordinates(topic, partition, offset);
    Key key = records.get(record);
    dead++;
    deadFrames += isBad(key) ? 0 : 1;
    if (key == null) {
      doubled++;
      strayLetters.merge(record, 1, Integer::sum);
    } else {
      add(key, -1);
    }
  }

  /** Whether the record at this place was published and has no outcome. */
  public synchronized boolean isLost(int partition, long offset) {
    Key key = records.get(new Coordinates("", partition, offset));
    return key != null && open.getOrDefault(key, 0) > 0;
  }

  private void add(Key key, int difference) {
    int before = open.getOrDefault(key, 0);
    int now = before + difference;
    lost += Math.max(0, now) - Math.max(0, before);
    doubled += Math.max(0, -now) - Math.max(0, -before);
    if (now == 0) {
      open.remove(key);
    } else {
      open.put(key, now);
    }
  }

  private static boolean isBad(Key key) {
    return key != null && key.source().equals(BAD);
  }

  /** Records published. */
  public synchronized int published() {
    return published;
  }

  /** Predictions read. */
  public synchronized int predictions() {
    return predicted;
  }

  /** Dead letters read. */
  public synchronized int deadLetters() {
    return dead;
  }

  /** Dead letters of records that were not published as bad. */
  public synchronized int deadFrames() {
    return deadFrames;
  }

  /** Publications that have no outcome. */
  public synchronized int lost() {
    return lost;
  }

  /** Outcomes beyond one for each publication; those of nothing published are among them. */
  public synchronized int doubled() {
    return doubled;
  }
}
