package io.boostnet.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenTransactionsTest {

  private static final TopicPartition ONE = new TopicPartition("frames", 0);
  private static final TopicPartition TWO = new TopicPartition("frames", 1);

  private final OpenTransactions open =
      new OpenTransactions(KafkaAccess.to("localhost:1"), "frames");

  @AfterEach
  void close() {
    open.close();
  }

  @Test
  void records_areThoseBehindTheStableOffsetsOfAllPartitions() {
    open.take(Map.of(ONE, 10L, TWO, 5L), Map.of(ONE, 12L, TWO, 9L), 1000);
    assertThat(open.records()).isEqualTo(6);
    assertThat(open.oldestMs()).isZero();
  }

  @Test
  void age_runsWhileTheStableOffsetStands_andBeginsAnewWhereItMoves() {
    open.take(Map.of(ONE, 10L, TWO, 5L), Map.of(ONE, 12L, TWO, 5L), 1000);
    open.take(Map.of(ONE, 10L, TWO, 7L), Map.of(ONE, 90L, TWO, 8L), 61_000);
    assertThat(open.oldestMs()).isEqualTo(60_000);
    open.take(Map.of(ONE, 90L, TWO, 7L), Map.of(ONE, 99L, TWO, 8L), 62_000);
    assertThat(open.oldestMs()).isEqualTo(1000); // the other partition's
    open.take(Map.of(ONE, 99L, TWO, 8L), Map.of(ONE, 99L, TWO, 8L), 63_000);
    assertThat(open.records()).isZero();
    assertThat(open.oldestMs()).isZero();
  }
}
