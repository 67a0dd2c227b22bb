package io.boostnet.jobs.replay;

import io.boostnet.flink.exit.Evidence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Evidence cut in two at random.
 *
 * @param calibration the first part
 * @param test all others
 */
record RandomSplit(Evidence calibration, Evidence test) {

  private record Image(Evidence evidence, int number) {}

  /**
   * Cuts the images of all the evidence together.
   *
   * @param first images of the first part
   * @throws IllegalArgumentException if that leaves one part empty
   */
  static RandomSplit of(List<Evidence> pool, int first, long seed) {
    List<Image> images = new ArrayList<>();
    for (Evidence evidence : pool) {
      for (int image = 0; image < evidence.images(); image++) {
        images.add(new Image(evidence, image));
      }
    }
    if (first < 1 || first >= images.size()) {
      throw new IllegalArgumentException(
          "images for calibration are %d; 1 to %d of %d are possible"
              .formatted(first, images.size() - 1, images.size()));
    }
    Collections.shuffle(images, new Random(seed));
    return new RandomSplit(
        evidence(images.subList(0, first)), evidence(images.subList(first, images.size())));
  }

  private static Evidence evidence(List<Image> images) {
    Evidence.Builder builder = Evidence.builder(images.get(0).evidence().exits());
    images.forEach(image -> builder.add(image.evidence(), image.number()));
    return builder.build();
  }
}
