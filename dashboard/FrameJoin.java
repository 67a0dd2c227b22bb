package io.boostnet.jobs.dashboard;

import io.boostnet.schema.Prediction;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Brings pictures of frames and predictions together by source and sequence, whichever comes first.
 * Both sides remember only the newest, so that a frame which is decided much later, or never, is
 * forgotten. Not thread-safe.
 */
final class FrameJoin {

  /** Pictures that wait for their prediction. */
  static final int PICTURES = 1024;

  /** Predictions that wait for a picture. */
  static final int PREDICTIONS = 8192;

  private record Key(String sourceId, long sequence) {}

  /** A map that forgets its oldest entry. */
  private static final class Newest<V> extends LinkedHashMap<Key, V> {
    private static final long serialVersionUID = 1;
    private final int most;

    Newest(int most) {
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, V> eldest) {
      return size() > most;
    }
  }

  private final Map<Key, byte[]> pictures = new Newest<>(PICTURES);
  private final Map<Key, Prediction> predictions = new Newest<>(PREDICTIONS);
  private final Map<Integer, String> names = new HashMap<>();
  private final Consumer<SeenFrame> seen;

  /**
   * Without any record.
   *
   * @param seen takes every frame of which both are there, once
   */
  FrameJoin(Consumer<SeenFrame> seen) {
    this.seen = seen;
  }

  /** Takes the picture of a frame; the array is kept. */
  void picture(String sourceId, long sequence, byte[] png) {
    Key key = new Key(sourceId, sequence);
    Prediction prediction = predictions.remove(key);
    if (prediction == null) {
      pictures.put(key, png);
    } else {
      seen.accept(seen(prediction, png));
    }
  }

  void prediction(Prediction prediction) {
    names.put(prediction.getLabel(), prediction.getLabelName());
    Key key = new Key(prediction.getSourceId(), prediction.getSequence());
    byte[] png = pictures.remove(key);
    if (png == null) {
      predictions.put(key, prediction);
    } else {
      seen.accept(seen(prediction, png));
    }
  }

  private SeenFrame seen(Prediction prediction, byte[] png) {
    Integer label = prediction.getTrueLabel();
    return new SeenFrame(
        prediction.getDecidedAtMs(),
        prediction.getExit(),
        prediction.getConfidence(),
        prediction.getLabelName(),
        label == null ? null : names.getOrDefault(label, "class " + label),
        label == null ? null : label == prediction.getLabel(),
        png);
  }
}
