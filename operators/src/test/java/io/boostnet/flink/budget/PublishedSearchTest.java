package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.StageCost;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PublishedSearchTest {

  private static final double TOLERANCE = 1e-5;

  /** The official implementation marks "never" and "always" with these. */
  private static final double NEVER = 1e8;

  @TestFactory
  Iterable<DynamicTest> thresholds_officialFigures_areReproduced() throws IOException {
    JsonNode reference;
    try (InputStream in = getClass().getResourceAsStream("/reference/thresholds.json")) {
      reference = new ObjectMapper().readTree(in);
    }
    Evidence evidence = evidence(reference);
    double[] macs = doubles(reference.get("macsPerExit"));
    StageCost cost = StageCost.ofCumulative(macs);
    return () ->
        reference
            .get("cases")
            .valueStream()
            .map(
                expected ->
                    DynamicTest.dynamicTest(
                        "p = " + expected.get("p"), () -> check(expected, evidence, cost, macs)))
            .iterator();
  }

  private static void check(JsonNode expected, Evidence evidence, StageCost cost, double[] macs) {
    double[] shares =
        PublishedSearch.geometricShares(expected.get("p").asDouble() / 20, evidence.exits());
    assertThat(shares).containsExactly(doubles(expected.get("exitShares")), within(TOLERANCE));

    Thresholds thresholds = PublishedSearch.thresholdsFor(shares, evidence);
    double[] values = doubles(expected.get("thresholds"));
    for (int exit = 1; exit < values.length; exit++) {
      if (values[exit - 1] == NEVER) {
        assertThat(thresholds.at(exit)).isGreaterThan(1);
      } else {
        assertThat(thresholds.at(exit)).isEqualTo(values[exit - 1], within(TOLERANCE));
      }
    }

    OperatingPoint point = OperatingPoint.measure(thresholds, evidence, cost);
    assertThat(100 * point.accuracy())
        .isEqualTo(expected.get("accuracyPercent").asDouble(), within(TOLERANCE));
    assertThat(point.meanCost())
        .isEqualTo(
            expected.get("expectedMacs").asDouble() / macs[macs.length - 1], within(TOLERANCE));
  }

  @Test
  void thresholdsFor_sharesOfTheReferenceEvidence_areMet() {
    Evidence evidence = ReferenceEvidence.validation();
    double[] shares = {0.4, 0.3, 0.2, 0.1};
    OperatingPoint point =
        OperatingPoint.measure(
            PublishedSearch.thresholdsFor(shares, evidence), evidence, ReferenceEvidence.COST);

    assertThat(point.exits().shares()).containsExactly(shares, within(0.001));
  }

  @Test
  void thresholdsFor_wrongNumberOfShares_isRefused() {
    assertThatThrownBy(
            () ->
                PublishedSearch.thresholdsFor(
                    new double[] {0.5, 0.5}, ReferenceEvidence.validation()))
        .hasMessage("2 exit shares for 4 exits; one per exit is needed");
    assertThatThrownBy(() -> PublishedSearch.geometricShares(0, 4))
        .hasMessageContaining("above 0 is needed");
  }

  private static Evidence evidence(JsonNode reference) {
    int exits = reference.get("confidence").size();
    Evidence.Builder builder = Evidence.builder(exits);
    for (int image = 0; image < reference.get("samples").asInt(); image++) {
      float[] confidence = new float[exits];
      int[] predicted = new int[exits];
      for (int exit = 0; exit < exits; exit++) {
        confidence[exit] = (float) reference.get("confidence").get(exit).get(image).asDouble();
        predicted[exit] = reference.get("correct").get(exit).get(image).asInt();
      }
      builder.add(1, confidence, predicted);
    }
    return builder.build();
  }

  private static double[] doubles(JsonNode array) {
    return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
  }
}
