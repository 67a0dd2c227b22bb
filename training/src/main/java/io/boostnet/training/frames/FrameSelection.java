package io.boostnet.training.frames;

import io.boostnet.training.data.LabelledImages;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which images of a split go into a frame file, and in which order: a seeded sample of images, or
 * of whole sources (tracks). Shuffled, images that have no order come in any, and so do tracks,
 * each in one piece and with its frames in their order: data sets are laid out class by class, and
 * the first thousand frames of a stream are to be of all classes.
 *
 * @param limit images at most; 0 for all
 * @param sources sources (tracks) at most, each whole; 0 for all
 * @param seed seed of the sample and of the shuffle
 * @param order the order of the frames
 */
record FrameSelection(int limit, int sources, long seed, Order order) {

  /** The order of the frames in a file. */
  enum Order {
    SHUFFLED,
    DATA_SET
  }

  FrameSelection {
    if (limit < 0 || sources < 0) {
      throw new IllegalArgumentException(
          "limit " + limit + " and sources " + sources + " must be at least 0");
    }
  }

  LabelledImages of(LabelledImages images) {
    int[] indices = IntStream.range(0, images.size()).toArray();
    if (sources > 0) {
      List<List<Integer>> tracks = bySource(images, indices);
      indices =
          sample(tracks.size(), sources)
              .mapToObj(tracks::get)
              .flatMapToInt(track -> track.stream().mapToInt(Integer::intValue))
              .toArray();
    }
    if (limit > 0) {
      int[] candidates = indices;
      indices = sample(candidates.length, limit).map(i -> candidates[i]).toArray();
    }
    if (order == Order.SHUFFLED) {
      indices = shuffled(images, indices);
    }
    return images.select(images.name(), indices);
  }

  private int[] shuffled(LabelledImages images, int[] indices) {
    List<List<Integer>> pieces = bySource(images, indices);
    if (pieces.size() == 1) {
      pieces = new ArrayList<>(pieces.get(0).stream().map(List::of).toList());
    }
    Collections.shuffle(pieces, new Random(seed));
    return pieces.stream().flatMap(List::stream).mapToInt(Integer::intValue).toArray();
  }

  private static List<List<Integer>> bySource(LabelledImages images, int[] indices) {
    Map<String, List<Integer>> bySource = new LinkedHashMap<>();
    for (int i : indices) {
      bySource.computeIfAbsent(images.sourceId(i), source -> new ArrayList<>()).add(i);
    }
    return new ArrayList<>(bySource.values());
  }

  /** At most {@code wanted} of 0 .. count - 1, growing. */
  private IntStream sample(int count, int wanted) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    if (wanted < count) {
      Collections.shuffle(order, new Random(seed));
    }
    return order.stream().limit(wanted).mapToInt(Integer::intValue).sorted();
  }
}
