package io.boostnet.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.model.SourceRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;

/** Conditions as the planner puts them, on records around their constants. */
class RecordFilterTest {

  private static final long FIVE = 1L << 40; // what an INT cannot hold
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static final Map<String, RecordColumn> COLUMNS =
      Map.of(
          "topic", RecordColumn.TOPIC,
          "p", RecordColumn.PARTITION,
          "off", RecordColumn.OFFSET,
          "at", RecordColumn.TIMESTAMP,
          "headers", RecordColumn.HEADERS,
          "image", RecordColumn.IMAGE);

  private static final ResolvedExpression TOPIC = field("topic", DataTypes.STRING());
  private static final ResolvedExpression PARTITION = field("p", DataTypes.INT());
  private static final ResolvedExpression OFFSET = field("off", DataTypes.BIGINT());
  private static final ResolvedExpression AT =
      field("at", DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(3));

  @Test
  void comparisons_ofNumbers_areThoseOfNumbers() {
    ResolvedExpression five = literal(FIVE, DataTypes.BIGINT());

    decides(call(BuiltInFunctionDefinitions.EQUALS, OFFSET, five), r -> r.offset() == FIVE);
    decides(call(BuiltInFunctionDefinitions.NOT_EQUALS, OFFSET, five), r -> r.offset() != FIVE);
    decides(call(BuiltInFunctionDefinitions.LESS_THAN, OFFSET, five), r -> r.offset() < FIVE);
    decides(
        call(BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL, OFFSET, five), r -> r.offset() <= FIVE);
    decides(call(BuiltInFunctionDefinitions.GREATER_THAN, OFFSET, five), r -> r.offset() > FIVE);
    decides(
        call(BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL, OFFSET, five),
        r -> r.offset() >= FIVE);
    decides(call(BuiltInFunctionDefinitions.LESS_THAN, five, OFFSET), r -> FIVE < r.offset());
    decides(
        call(
            BuiltInFunctionDefinitions.LESS_THAN,
            PARTITION,
            literal(new BigDecimal("0.5"), DataTypes.DECIMAL(2, 1))),
        r -> r.partition() == 0);
  }

  @Test
  void comparisons_ofTextAndTime_areThoseOfTextAndTime() {
    decides(
        call(BuiltInFunctionDefinitions.EQUALS, TOPIC, literal("a", DataTypes.CHAR(1).notNull())),
        r -> r.topic().equals("a"));
    decides(
        call(
            BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL,
            AT,
            literal(NOON, DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(3).notNull())),
        r -> r.timestampMs() >= NOON.toEpochMilli());
  }

  @Test
  void comparisons_joined_areJoined() {
    ResolvedExpression first = partitionIs(0);
    ResolvedExpression second = partitionIs(1);
    ResolvedExpression a = topicIs("a");

    decides(call(BuiltInFunctionDefinitions.OR, first, second), r -> r.partition() < 2);
    decides(
        call(BuiltInFunctionDefinitions.AND, first, a),
        r -> r.partition() == 0 && r.topic().equals("a"));
    decides(call(BuiltInFunctionDefinitions.NOT, first), r -> r.partition() != 0);
    decides(
        call(BuiltInFunctionDefinitions.OR, first, second, partitionIs(2)), r -> r.partition() < 3);
    decides(
        call(BuiltInFunctionDefinitions.NOT, call(BuiltInFunctionDefinitions.AND, first, a)),
        r -> r.partition() != 0 || !r.topic().equals("a"));
  }

  @Test
  void casts_thatWiden_areLookedThrough_andThatNarrowAreNot() {
    ResolvedExpression widened = cast(PARTITION, DataTypes.BIGINT());
    ResolvedExpression narrowed = cast(OFFSET, DataTypes.INT());
    ResolvedExpression one = literal(1L, DataTypes.BIGINT());

    decides(call(BuiltInFunctionDefinitions.EQUALS, widened, one), r -> r.partition() == 1);
    isLeft(
        call(BuiltInFunctionDefinitions.EQUALS, narrowed, literal(1, DataTypes.INT().notNull())));
    isLeft(call(BuiltInFunctionDefinitions.EQUALS, cast(OFFSET, DataTypes.DOUBLE()), one));
  }

  @Test
  void conditions_onAnythingElse_areLeftToTheQuery() {
    ResolvedExpression cost = field("cost", DataTypes.DOUBLE());
    ResolvedExpression image = field("image", DataTypes.BYTES());
    ResolvedExpression costly =
        call(BuiltInFunctionDefinitions.GREATER_THAN, cost, literal(0.5, DataTypes.DOUBLE()));

    isLeft(costly);
    isLeft(call(BuiltInFunctionDefinitions.AND, partitionIs(0), costly));
    isLeft(call(BuiltInFunctionDefinitions.OR, costly, partitionIs(0)));
    isLeft(call(BuiltInFunctionDefinitions.NOT, costly));
    isLeft(call(BuiltInFunctionDefinitions.EQUALS, image, image));
    isLeft(call(BuiltInFunctionDefinitions.IS_NULL, PARTITION));
    isLeft(
        call(
            BuiltInFunctionDefinitions.EQUALS,
            PARTITION,
            literal(1.0, DataTypes.DOUBLE().notNull()))); // no exact number
    isLeft(
        call(
            BuiltInFunctionDefinitions.EQUALS,
            PARTITION,
            new ValueLiteralExpression(null, DataTypes.INT())));
    isLeft(call(BuiltInFunctionDefinitions.EQUALS, PARTITION, literal("1", DataTypes.STRING())));
    isLeft(field("flag", DataTypes.BOOLEAN()));
  }

  private static void decides(ResolvedExpression condition, Predicate<SourceRecord> expected) {
    RecordFilter filter = RecordFilter.of(condition, COLUMNS).orElseThrow();
    int taken = 0;
    List<SourceRecord> records = records();
    for (SourceRecord record : records) {
      assertThat(filter.test(record))
          .as("%s of %s", condition, record)
          .isEqualTo(expected.test(record));
      taken += filter.test(record) ? 1 : 0;
    }
    assertThat(taken).isStrictlyBetween(0, records.size()); // else nothing was decided
  }

  private static void isLeft(ResolvedExpression condition) {
    Optional<RecordFilter> filter = RecordFilter.of(condition, COLUMNS);
    assertThat(filter).as(condition.toString()).isEmpty();
  }

  private static List<SourceRecord> records() {
    List<SourceRecord> records = new ArrayList<>();
    for (String topic : List.of("a", "b")) {
      for (int partition = 0; partition < 4; partition++) {
        for (long step = -1; step <= 1; step++) {
          records.add(
              new SourceRecord(
                  null,
                  new byte[0],
                  topic,
                  partition,
                  FIVE + step,
                  NOON.toEpochMilli() + step,
                  List.of()));
        }
      }
    }
    return records;
  }

  private static ResolvedExpression partitionIs(int partition) {
    return call(
        BuiltInFunctionDefinitions.EQUALS,
        PARTITION,
        literal(partition, DataTypes.INT().notNull()));
  }

  private static ResolvedExpression topicIs(String topic) {
    return call(
        BuiltInFunctionDefinitions.EQUALS, TOPIC, literal(topic, DataTypes.STRING().notNull()));
  }

  private static ResolvedExpression call(
      BuiltInFunctionDefinition function, ResolvedExpression... parts) {
    return CallExpression.permanent(function, List.of(parts), DataTypes.BOOLEAN());
  }

  private static ResolvedExpression cast(ResolvedExpression from, DataType to) {
    return CallExpression.permanent(BuiltInFunctionDefinitions.CAST, List.of(from), to);
  }

  private static ResolvedExpression field(String name, DataType type) {
    return new FieldReferenceExpression(name, type, 0, 0);
  }

  private static ResolvedExpression literal(Object value, DataType type) {
    return new ValueLiteralExpression(value, type.notNull());
  }
}
