package io.boostnet.training.network;

import java.util.List;

/** Checks of arguments; the messages name the argument, its value and the allowed range. */
final class Checks {
  private Checks() {}

  static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be 1 or more");
    }
  }

  static void share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be between 0 and 1");
    }
  }

  static void factors(String name, List<Integer> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(
          name + " is empty; give one number per scale, for instance 1-2-4");
    }
    values.forEach(value -> positive(name, value));
  }
}
