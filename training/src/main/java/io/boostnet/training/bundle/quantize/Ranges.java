package io.boostnet.training.bundle.quantize;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The largest value of every channel, over the calibration images: what a byte of 255 stands for.
 * Told by the models in 32-bit floats. Not thread-safe.
 */
final class Ranges {

  /** A range is at least so much, so that a channel that was always 0 has one. */
  private static final double LEAST = 1e-4;

  private final Map<String, Packed> expected = new HashMap<>();
  private final Map<Channel, Double> largest = new HashMap<>();
  private final Map<Integer, Double> ofValue = new HashMap<>();

  /** An output of a model holds the maxima of the slots of this tensor, a row per image. */
  void expect(String output, Packed tensor) {
    expected.put(output, tensor);
  }

  /** Takes in such an output. */
  void take(String output, float[] maxima) {
    List<Slot> slots = expected.get(output).slots();
    for (int i = 0; i < maxima.length; i++) {
      Channel channel = slots.get(i % slots.size()).channel();
      if (channel != null) {
        largest.merge(channel, (double) maxima[i], Math::max);
      }
    }
  }

  /** What 255 stands for in a channel. */
  double of(Channel channel) {
    return ofValue.computeIfAbsent(
        channel.value(),
        value ->
            largest.entrySet().stream()
                .filter(entry -> entry.getKey().value() == value)
                .mapToDouble(Map.Entry::getValue)
                .reduce(LEAST, Math::max));
  }
}
