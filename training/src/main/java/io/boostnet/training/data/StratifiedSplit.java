package io.boostnet.training.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A seeded cut of groups (images, or whole tracks) into train, validation and test, class by class.
 * A class of three groups or more is in every split whose share is above 0, in training always. Of
 * two groups a split of half of all gets one.
 *
 * @param train indices, growing
 * @param validation indices, growing
 * @param test indices, growing
 */
record StratifiedSplit(int[] train, int[] validation, int[] test) {

  static StratifiedSplit ofImages(LabelledImages images, SplitPlan plan) {
    return of(IntStream.range(0, images.size()).map(images::label).toArray(), plan);
  }

  /** In whole tracks where the images are of several sources; each image by itself where of one. */
  static StratifiedSplit ofSources(LabelledImages images, SplitPlan plan) {
    Map<String, List<Integer>> tracks = new LinkedHashMap<>();
    for (int i = 0; i < images.size(); i++) {
      tracks.computeIfAbsent(images.sourceId(i), source -> new ArrayList<>()).add(i);
    }
    if (tracks.size() <= 1) {
      return ofImages(images, plan);
    }
    List<List<Integer>> members = List.copyOf(tracks.values());
    int[] labels = members.stream().mapToInt(track -> images.label(track.get(0))).toArray();
    StratifiedSplit split = of(labels, plan);
    return new StratifiedSplit(
        all(split.train, members), all(split.validation, members), all(split.test, members));
  }

  /**
   * @param labels class of every group
   */
  static StratifiedSplit of(int[] labels, SplitPlan plan) {
    int classes = Arrays.stream(labels).max().orElse(-1) + 1;
    BitSet validation = new BitSet(labels.length);
    BitSet test = new BitSet(labels.length);
    for (int c = 0; c < classes; c++) {
      int label = c;
      int[] members = IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
      shuffle(members, new Random(plan.seed() * 1_000_003 + label));
      int forValidation = count(plan.validationShare(), members.length);
      int forTest =
          Math.min(
              count(plan.testShare(), members.length),
              Math.max(0, members.length - 1 - forValidation));
      Arrays.stream(members, 0, forTest).forEach(test::set);
      Arrays.stream(members, forTest, forTest + forValidation).forEach(validation::set);
    }
    int[] train =
        IntStream.range(0, labels.length).filter(i -> !test.get(i) && !validation.get(i)).toArray();
    return new StratifiedSplit(train, validation.stream().toArray(), test.stream().toArray());
  }

  private static int[] all(int[] groups, List<List<Integer>> members) {
    return Arrays.stream(groups)
        .mapToObj(members::get)
        .flatMap(List::stream)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  private static int count(double share, int members) {
    int rounded = (int) Math.round(share * members);
    return share > 0 && members >= 3 ? Math.max(1, rounded) : Math.min(rounded, members / 2);
  }

  private static void shuffle(int[] values, Random random) {
    for (int i = values.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int value = values[i];
      values[i] = values[other];
      values[other] = value;
    }
  }
}
