package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class BudgetedBatchTest {

  /** Thresholds, accuracy and cost of the official search on the same evidence. */
  @Test
  void curve_onTheReferenceEvidence_isThePublishedOne() throws IOException {
    JsonNode reference;
    try (InputStream in = getClass().getResourceAsStream("/reference/thresholds.json")) {
      reference = new ObjectMapper().readTree(in);
    }
    Evidence evidence = evidence(reference);
    List<Long> macs = new ArrayList<>();
    reference.get("macsPerExit").forEach(value -> macs.add(value.asLong()));

    assertThat(reference.get("cases")).isNotEmpty();
    for (JsonNode expected : reference.get("cases")) {
      int p = expected.get("p").asInt();
      double[] shares = BudgetedBatch.shares(p, macs.size());
      double[] thresholds = BudgetedBatch.thresholds(evidence, shares);
      BudgetedBatch.Point point = BudgetedBatch.measure(evidence, thresholds, macs);

      for (int k = 0; k < macs.size(); k++) {
        assertThat(shares[k])
            .isCloseTo(expected.get("exitShares").get(k).asDouble(), Offset.offset(1e-6));
        double threshold = expected.get("thresholds").get(k).asDouble();
        if (Math.abs(threshold) <= 1) {
          assertThat(thresholds[k]).isCloseTo(threshold, Offset.offset(1e-6));
        }
      }
      assertThat(100 * point.accuracy())
          .isCloseTo(expected.get("accuracyPercent").asDouble(), Offset.offset(1e-9));
      assertThat(point.meanMacs())
          .isCloseTo(expected.get("expectedMacs").asDouble(), Percentage.withPercentage(1e-4));
    }
  }

  private static Evidence evidence(JsonNode reference) {
    int images = reference.get("samples").asInt();
    int exits = reference.get("confidence").size();
    Evidence evidence =
        new Evidence(new int[images], new float[images][exits], new int[images][exits]);
    for (int i = 0; i < images; i++) {
      for (int k = 0; k < exits; k++) {
        evidence.confidence()[i][k] = (float) reference.get("confidence").get(k).get(i).asDouble();
        evidence.predicted()[i][k] = 1 - reference.get("correct").get(k).get(i).asInt();
      }
    }
    return evidence;
  }
}
