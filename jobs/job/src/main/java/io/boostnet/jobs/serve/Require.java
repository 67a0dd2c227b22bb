package io.boostnet.jobs.serve;

import java.util.Objects;

/** What values of the configuration must be; else {@link IllegalArgumentException} says so. */
final class Require {

  private Require() {}

  static void text(String name, String value, String remedy) {
    if (Objects.requireNonNullElse(value, "").isBlank()) {
      throw new IllegalArgumentException(name + " is not set; " + remedy);
    }
  }

  static void range(String name, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          name + " is " + value + "; allowed are " + from + " to " + to);
    }
  }
}
