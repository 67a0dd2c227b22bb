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
 * Which images of a split go into a frame file: a seeded sample of images, or of whole sources
 * (tracks), in the data set's own order.
 *
 * @param limit images at most; 0 for all
 * @param sources sources (tracks) at most, each whole; 0 for all
 * @param seed seed of the sample
 */
record FrameSelection(int limit, int sources, long seed) {

  FrameSelection {
    if (limit < 0 || sources < 0) {
      throw new IllegalArgumentException(
          "limit " + limit + " and sources " + sources + " must be at least 0");
    }
  }

  LabelledImages of(LabelledImages images) {
    int[] indices = IntStream.range(0, images.size()).toArray();
    if (sources > 0) {
      Map<String, List<Integer>> bySource = new LinkedHashMap<>();
      for (int i : indices) {
        bySource.computeIfAbsent(images.sourceId(i), source -> new ArrayList<>()).add(i);
      }
      List<List<Integer>> tracks = new ArrayList<>(bySource.values());
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
    return images.select(images.name(), indices);
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
