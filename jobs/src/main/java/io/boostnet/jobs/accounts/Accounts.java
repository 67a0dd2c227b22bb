package io.boostnet.jobs.accounts;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What was published and what became of it. A frame that was published twice must have two
 * outcomes. Outcomes may arrive before the broker's acknowledgement of the frame. Thread-safe.
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
  private record Coordinates(int partition, long offset) {}

  private final Map<Key, Integer> publications = new HashMap<>();
  private final Map<Key, Instant> lastPublished = new HashMap<>();
  private final Map<Key, Integer> predictions = new HashMap<>();
  private final Map<Coordinates, Key> records = new HashMap<>();
  private final Map<Coordinates, Integer> deadLetters = new HashMap<>();
  private int published;
  private int predicted;
  private int dead;

  /** The broker has this frame. */
  public synchronized void published(Key key, int partition, long offset) {
    published++;
    publications.merge(key, 1, Integer::sum);
    lastPublished.put(key, Instant.now());
    records.put(new Coordinates(partition, offset), key);
  }

  /** A committed prediction could be read. */
  public synchronized void predicted(Key key) {
    predicted++;
    predictions.merge(key, 1, Integer::sum);
  }

  /** A committed dead letter of this record could be read. */
  public synchronized void dead(int partition, long offset) {
    dead++;
    deadLetters.merge(new Coordinates(partition, offset), 1, Integer::sum);
  }

  /** Whether a frame was published after a time. */
  public synchronized boolean isPublishedAfter(Key key, Instant time) {
    Instant at = lastPublished.get(key);
    return at != null && at.isAfter(time);
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
    return deadLetters.entrySet().stream()
        .filter(letter -> !isBad(records.get(letter.getKey())))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static boolean isBad(Key key) {
    return key != null && key.source().equals(BAD);
  }

  /** Publications that have no outcome. */
  public synchronized int lost() {
    Map<Key, Integer> outcomes = outcomes();
    return publications.entrySet().stream()
        .mapToInt(entry -> Math.max(0, entry.getValue() - outcomes.getOrDefault(entry.getKey(), 0)))
        .sum();
  }

  /** Outcomes beyond one for each publication; those of nothing published are among them. */
  public synchronized int doubled() {
    return outcomes().entrySet().stream()
        .mapToInt(
            entry -> Math.max(0, entry.getValue() - publications.getOrDefault(entry.getKey(), 0)))
        .sum();
  }

  private Map<Key, Integer> outcomes() {
    Map<Key, Integer> outcomes = new HashMap<>(predictions);
    deadLetters.forEach(
        (record, count) ->
            outcomes.merge(
                records.getOrDefault(record, new Key("unknown", record.offset())),
                count,
                Integer::sum));
    return outcomes;
  }
}
