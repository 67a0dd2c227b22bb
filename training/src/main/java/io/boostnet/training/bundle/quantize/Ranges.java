package io.boostnet.training.bundle.quantize;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a byte of 255 stands for in every channel, from its largest value in each calibration image:
 * the geometric mean of the range of the channel and that of its map. Told by the models in 32-bit
 * floats. Not thread-safe.
 *
 * <p>A range is the {@value #SHARE}-quantile over the images, so that a few bright ones do not make
 * all others coarse. A range per channel alone would make the weights coarse that read the channels
 * of small ranges, since the weights of an output share one scale.
 */
final class Ranges {

  /** Images whose largest value fits in a range; what is larger is clamped. */
  private static final double SHARE = 0.998;

  /** A range is at least so much, so that a channel that was always 0 has one. */
  private static final double LEAST = 1e-4;

  private final Map<String, Packed> expected = new HashMap<>();
  private final Map<Channel, Maxima> maxima = new HashMap<>();
  private final Map<Integer, Double> ofMap = new HashMap<>();
  private final Map<Channel, Double> units = new HashMap<>();

  /** Largest values, one per image. */
  private static final class Maxima {
    private float[] values = new float[256];
    private int count;

    void add(float value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
    }
  }

  /** An output of a model holds the maxima of the slots of this tensor, a row per image. */
  void expect(String output, Packed tensor) {
    expected.put(output, tensor);
  }

  /** Takes in such an output. */
  void take(String output, float[] slotMaxima) {
    List<Slot> slots = expected.get(output).slots();
    for (int row = 0; row < slotMaxima.length; row += slots.size()) {
      Map<Channel, Float> image = new HashMap<>();
      for (int i = 0; i < slots.size(); i++) {
        Channel channel = slots.get(i).channel();
        if (channel != null) {
          image.merge(channel, slotMaxima[row + i], Math::max);
        }
      }
      image.forEach((channel, most) -> of(maxima, channel).add(most));
    }
  }

  private static Maxima of(Map<Channel, Maxima> maxima, Channel channel) {
    return maxima.computeIfAbsent(channel, known -> new Maxima());
  }

  /** What 255 stands for in a channel. */
  double of(Channel channel) {
    return units.computeIfAbsent(
        channel,
        unknown -> {
          Maxima own = of(maxima, channel);
          double range = range(Arrays.copyOf(own.values, own.count));
          return Math.sqrt(range * ofMap.computeIfAbsent(channel.value(), this::rangeOfMap));
        });
  }

  private double rangeOfMap(int value) {
    List<Maxima> channels =
        maxima.entrySet().stream()
            .filter(entry -> entry.getKey().value() == value)
            .map(Map.Entry::getValue)
            .toList();
    float[] most = new float[channels.stream().mapToInt(channel -> channel.count).max().orElse(0)];
    for (Maxima channel : channels) {
      for (int image = 0; image < channel.count; image++) {
        most[image] = Math.max(most[image], channel.values[image]);
      }
    }
    return range(most);
  }

  private static double range(float[] values) {
    if (values.length == 0) {
      return LEAST;
    }
    Arrays.sort(values);
    return Math.max(LEAST, values[Math.min(values.length - 1, (int) (SHARE * values.length))]);
  }
}
