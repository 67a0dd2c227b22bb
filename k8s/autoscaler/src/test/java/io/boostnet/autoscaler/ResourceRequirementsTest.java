package io.boostnet.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResourceRequirementsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TWO_VERTICES =
      """
      {"a": {"parallelism": {"lowerBound": 1, "upperBound": 1}},
       "b": {"parallelism": {"lowerBound": 2, "upperBound": 4}}}
      """;

  private final ResourceRequirements requirements = new ResourceRequirements(json(TWO_VERTICES));

  @Test
  void upperBounds_answerOfACluster_byVertex() {
    assertThat(requirements.upperBounds()).containsExactly(Map.entry("a", 1), Map.entry("b", 4));
  }

  @Test
  void withUpperBounds_oneVertex_movesItsUpperBoundAlone() {
    ResourceRequirements moved = requirements.withUpperBounds(Map.of("a", 2, "elsewhere", 7));

    assertThat(json(moved.toJson()))
        .isEqualTo(
            json(
                """
                {"a": {"parallelism": {"lowerBound": 1, "upperBound": 2}},
                 "b": {"parallelism": {"lowerBound": 2, "upperBound": 4}}}
                """));
    assertThat(json(requirements.toJson())).isEqualTo(json(TWO_VERTICES));
  }

  @Test
  void withUpperBounds_belowTheLowerBound_throws() {
    assertThatThrownBy(() -> requirements.withUpperBounds(Map.of("b", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vertex b is 1");
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
