package io.boostnet.jobs.camera.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void pause_failuresInARow_doublesUpToTheLongest() {
    Backoff backoff = new Backoff(Duration.ofSeconds(5));

    List<Long> pauses = IntStream.range(0, 5).mapToObj(i -> backoff.pause().toSeconds()).toList();
    backoff.succeeded();

    assertThat(pauses).containsExactly(1L, 2L, 4L, 5L, 5L);
    assertThat(backoff.pause()).isEqualTo(Duration.ofSeconds(1));
  }
}
