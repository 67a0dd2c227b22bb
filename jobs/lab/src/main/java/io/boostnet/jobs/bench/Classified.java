package io.boostnet.jobs.bench;

import io.boostnet.schema.Prediction;
import java.util.Objects;

/**
 * What became of an image.
 *
 * @param right whether its class was right
 * @param cost what it cost, as a share of the full network's
 */
record Classified(boolean right, double cost) {

  static Classified of(Prediction prediction) {
    return new Classified(
        Objects.equals(prediction.getTrueLabel(), prediction.getLabel()), prediction.getCost());
  }

  /** By the whole network. */
  static Classified inFull(boolean right) {
    return new Classified(right, 1);
  }

  /** Sums over images. For one thread. */
  static final class Sums {

    private long images;
    private long right;
    private double cost;

    void add(Classified image) {
      images++;
      right += image.right() ? 1 : 0;
      cost += image.cost();
    }

    void add(Sums others) {
      images += others.images;
      right += others.right;
      cost += others.cost;
    }

    long images() {
      return images;
    }

    double accuracy() {
      return (double) right / images;
    }

    double meanCost() {
      return cost / images;
    }
  }
}
