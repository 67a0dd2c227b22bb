package io.boostnet.jobs.camera.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import io.boostnet.jobs.camera.input.Box;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * A part of a camera's picture that is classified for itself. In YAML {@code [left, top, width,
 * height]}, or the corners {@code [[x, y], [x, y], [x, y], ...]} of a polygon, of which the
 * smallest rectangle around it is taken.
 *
 * @param box its pixels
 */
@PublicEvolving
public record Zone(Box box) implements Serializable {

  private static final long serialVersionUID = 1;

  /** A rectangle. */
  public static Zone of(int left, int top, int width, int height) {
    return new Zone(new Box(left, top, width, height));
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Zone parse(JsonNode given) {
    try {
      if (given.isArray() && given.size() > 0 && given.get(0).isArray()) {
        return new Zone(Box.around(points(given)));
      }
      int[] sides = whole(given, 4);
      return of(sides[0], sides[1], sides[2], sides[3]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a zone is %s (%s); give [left, top, width, height], or three or more corners [[x, y], ...]"
              .formatted(given, e.getMessage()),
          e);
    }
  }

  private static List<int[]> points(JsonNode corners) {
    if (corners.size() < 3) {
      throw new IllegalArgumentException("it has " + corners.size() + " corners");
    }
    List<int[]> points = new ArrayList<>();
    for (JsonNode corner : corners) {
      points.add(whole(corner, 2));
    }
    return points;
  }

  private static int[] whole(JsonNode numbers, int count) {
    if (!numbers.isArray() || numbers.size() != count) {
      throw new IllegalArgumentException(numbers + " is not " + count + " numbers");
    }
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      if (!numbers.get(i).canConvertToInt() || !numbers.get(i).isIntegralNumber()) {
        throw new IllegalArgumentException(numbers.get(i) + " is not a whole number");
      }
      values[i] = numbers.get(i).intValue();
    }
    return values;
  }
}
