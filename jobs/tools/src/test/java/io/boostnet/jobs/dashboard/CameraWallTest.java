package io.boostnet.jobs.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.jobs.format.ZonePlace;
import io.boostnet.schema.Prediction;
import java.util.List;
import org.junit.jupiter.api.Test;

class CameraWallTest {

  private final CameraWall wall = new CameraWall();

  @Test
  void sources_areByName_eachWithItsLatest() {
    wall.predicted(prediction("yard", 0, 1_000, 2), "data:b");
    wall.predicted(prediction("gate/door", 0, 1_000, 1), "data:a");
    wall.predicted(prediction("gate/door", 1, 1_200, 3), null);
    wall.predicted(prediction("gate/door", 2, 1_100, 1), "data:late");

    List<CameraWall.Shown> shown = wall.sources();
    assertThat(shown).extracting(CameraWall.Shown::source).containsExactly("gate/door", "yard");
    assertThat(shown.get(0).exit()).isEqualTo(3);
    assertThat(shown.get(0).image()).as("the last that was at hand").isEqualTo("data:a");
    assertThat(shown.get(0).ms()).isEqualTo(1_200);
    assertThat(shown.get(1).rate()).isNull();
  }

  @Test
  void places_areThoseThatFramesSaid() {
    ZonePlace door = new ZonePlace(10, 20, 30, 40);
    wall.placed("gate/door", door);
    wall.predicted(prediction("gate/door", 0, 1_000, 1), null);
    wall.predicted(prediction("gate", 0, 1_000, 1), null);

    assertThat(wall.sources())
        .extracting(CameraWall.Shown::place)
        .as("gate, gate/door")
        .containsExactly(null, door);
  }

  @Test
  void rate_isThatOfTheLastSeconds_andCostTheirMean() {
    for (int i = 0; i < 200; i++) {
      wall.predicted(prediction("gate", i, 1_000 + 200L * i, i < 100 ? 3 : 1), null);
    }

    assertThat(wall.sources().get(0).rate()).isCloseTo(5, within(0.01));
    assertThat(wall.sources().get(0).cost()).isCloseTo(1 / 3.0, within(0.01));
  }

  @Test
  void manySources_theQuietestGo() {
    for (int i = 0; i <= CameraWall.SOURCES; i++) {
      wall.predicted(prediction("camera-" + i, 0, 1_000, 1), null);
      wall.predicted(prediction("camera-0", i, 1_000 + i, 1), null);
    }

    assertThat(wall.sources())
        .hasSize(CameraWall.SOURCES)
        .extracting(CameraWall.Shown::source)
        .contains("camera-0")
        .doesNotContain("camera-1");
  }

  @Test
  void events_newestFirst_areBounded() {
    for (int i = 0; i <= CameraWall.EVENTS; i++) {
      long before = wall.version();
      wall.event(LiveRecords.event("gate", i));
      assertThat(wall.version()).isGreaterThan(before);
    }

    assertThat(wall.events()).hasSize(CameraWall.EVENTS);
    assertThat(wall.events().get(0))
        .isEqualTo(new CameraWall.Told(CameraWall.EVENTS, "gate", "changed", null, "stop sign"));
  }

  private static Prediction prediction(String source, long sequence, long ms, int exit) {
    return Prediction.newBuilder(LiveRecords.prediction(sequence, ms, ms, exit, true))
        .setSourceId(source)
        .build();
  }
}
