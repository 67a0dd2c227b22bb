package io.boostnet.autoscaler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many subtasks each vertex of a job may have: what a cluster with the adaptive scheduler
 * answers to {@code GET /jobs/<id>/resource-requirements}, and what it is told by {@code PUT}.
 * Immutable.
 *
 * <p>Only upper bounds are moved. The lower ones stay (at 1, as jobs have them), so that a job goes
 * on with fewer subtasks where the slots for more are not there yet.
 */
final class ResourceRequirements {

  private static final String PARALLELISM = "parallelism";
  private static final String UPPER_BOUND = "upperBound";

  private final ObjectNode json;

  ResourceRequirements(JsonNode json) {
    this.json = json.deepCopy();
  }

  /** Upper bounds by vertex id. */
  Map<String, Integer> upperBounds() {
    Map<String, Integer> bounds = new TreeMap<>();
    json.properties()
        .forEach(
            vertex ->
                bounds.put(
                    vertex.getKey(),
                    vertex.getValue().required(PARALLELISM).required(UPPER_BOUND).asInt()));
    return bounds;
  }

  /**
   * The same with other upper bounds.
   *
   * @param parallelism by vertex id; vertices that are not in it stay as they are
   * @throws IllegalArgumentException where one is below the vertex's lower bound
   */
  ResourceRequirements withUpperBounds(Map<String, Integer> parallelism) {
    ResourceRequirements moved = new ResourceRequirements(json);
    moved
        .json
        .properties()
        .forEach(
            vertex -> {
              Integer upper = parallelism.get(vertex.getKey());
              ObjectNode bounds = (ObjectNode) vertex.getValue().required(PARALLELISM);
              if (upper != null && upper < bounds.path("lowerBound").asInt(1)) {
                throw new IllegalArgumentException(
                    "parallelism of vertex %s is %d, below the least allowed: %s"
                        .formatted(vertex.getKey(), upper, bounds));
              }
              if (upper != null) {
                bounds.put(UPPER_BOUND, upper);
              }
            });
    return moved;
  }

  /** The body of a {@code PUT}. */
  String toJson() {
    return json.toString();
  }
}
