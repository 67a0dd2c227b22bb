package io.boostnet.jobs.sql;

import io.boostnet.flink.model.SourceRecord;
import io.boostnet.jobs.kafka.SourceRecordSchema;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/**
 * A condition of a query on the Kafka record alone, to be decided before anything is read of it:
 * comparisons of topic, partition, offset and timestamp with constants, joined by AND, OR and NOT.
 * None of them is ever NULL, so that two values of truth do. Immutable; thread-safe.
 */
final class RecordFilter implements SourceRecordSchema.Filter {

  private static final long serialVersionUID = 1;

  /** A truth or a value of a record. */
  private interface Term<T> extends Serializable {
    T of(SourceRecord record);
  }

  private interface Sign extends IntPredicate, Serializable {}

  private static final Map<FunctionDefinition, Sign> COMPARISONS =
      Map.of(
          BuiltInFunctionDefinitions.EQUALS, sign -> sign == 0,
          BuiltInFunctionDefinitions.NOT_EQUALS, sign -> sign != 0,
          BuiltInFunctionDefinitions.LESS_THAN, sign -> sign < 0,
          BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL, sign -> sign <= 0,
          BuiltInFunctionDefinitions.GREATER_THAN, sign -> sign > 0,
          BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL, sign -> sign >= 0);

  private final Term<Boolean> condition;

  private RecordFilter(Term<Boolean> condition) {
    this.condition = condition;
  }

  /**
   * The filter of a condition.
   *
   * @param columns columns of the record, by their names in the query
   * @return empty where it is about anything else, or is put in a way that is not understood
   */
  static Optional<RecordFilter> of(
      ResolvedExpression condition, Map<String, RecordColumn> columns) {
    Term<Boolean> term = truth(condition, columns);
    return term == null ? Optional.empty() : Optional.of(new RecordFilter(term));
  }

  @Override
  public boolean test(SourceRecord record) {
    return condition.of(record);
  }

  private static Term<Boolean> truth(
      ResolvedExpression expression, Map<String, RecordColumn> columns) {
    if (!(expression instanceof CallExpression call)) {
      return null;
    }
    FunctionDefinition function = call.getFunctionDefinition();
    List<ResolvedExpression> parts = call.getResolvedChildren();
    if (function == BuiltInFunctionDefinitions.AND || function == BuiltInFunctionDefinitions.OR) {
      boolean and = function == BuiltInFunctionDefinitions.AND;
      return parts.stream()
          .map(part -> Optional.ofNullable(truth(part, columns)))
          .reduce((left, right) -> left.flatMap(one -> right.map(other -> join(and, one, other))))
          .flatMap(all -> all)
          .orElse(null);
    }
    if (function == BuiltInFunctionDefinitions.NOT) {
      Term<Boolean> inner = truth(parts.get(0), columns);
      return inner == null ? null : record -> !inner.of(record);
    }
    Sign sign = COMPARISONS.get(function);
    return sign == null ? null : comparison(sign, parts, columns);
  }

  private static Term<Boolean> join(boolean and, Term<Boolean> one, Term<Boolean> other) {
    return and
        ? record -> one.of(record) && other.of(record)
        : record -> one.of(record) || other.of(record);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // both of one class, or not compared
  private static Term<Boolean> comparison(
      Sign sign, List<ResolvedExpression> sides, Map<String, RecordColumn> columns) {
    Side left = side(sides.get(0), columns);
    Side right = side(sides.get(1), columns);
    if (left == null || right == null || left.type() != right.type()) {
      return null;
    }
    Term<Comparable> one = left.value();
    Term<Comparable> other = right.value();
    return record -> sign.test(one.of(record).compareTo(other.of(record)));
  }

  @SuppressWarnings("rawtypes")
  private record Side(Class<? extends Comparable> type, Term<Comparable> value) {}

  private static Side side(ResolvedExpression expression, Map<String, RecordColumn> columns) {
    if (expression instanceof FieldReferenceExpression field) {
      return column(columns.get(field.getName()));
    }
    if (expression instanceof ValueLiteralExpression literal) {
      return literal(literal);
    }
    if (expression instanceof CallExpression call
        && call.getFunctionDefinition() == BuiltInFunctionDefinitions.CAST
        && isWidened(call.getResolvedChildren().get(0), call)) {
      return side(call.getResolvedChildren().get(0), columns); // to be compared
    }
    return null;
  }

  /** Whether a whole number keeps its value: BIGINT made INT does not. */
  private static boolean isWidened(ResolvedExpression from, ResolvedExpression to) {
    LogicalTypeRoot narrow = root(from);
    LogicalTypeRoot wide = root(to);
    return wide == LogicalTypeRoot.BIGINT
            && (narrow == LogicalTypeRoot.INTEGER || narrow == LogicalTypeRoot.BIGINT)
        || wide == LogicalTypeRoot.INTEGER && narrow == LogicalTypeRoot.INTEGER;
  }

  private static LogicalTypeRoot root(ResolvedExpression expression) {
    return expression.getOutputDataType().getLogicalType().getTypeRoot();
  }

  private static Side column(RecordColumn column) {
    if (column == null) {
      return null;
    }
    return switch (column) {
      case TOPIC -> new Side(String.class, SourceRecord::topic);
      case PARTITION ->
          new Side(BigDecimal.class, record -> BigDecimal.valueOf(record.partition()));
      case OFFSET -> new Side(BigDecimal.class, record -> BigDecimal.valueOf(record.offset()));
      case TIMESTAMP ->
          new Side(Instant.class, record -> Instant.ofEpochMilli(record.timestampMs()));
      case HEADERS, IMAGE -> null;
    };
  }

  private static Side literal(ValueLiteralExpression literal) {
    var type = literal.getOutputDataType().getLogicalType();
    if (literal.isNull()) {
      return null;
    }
    if (type.is(LogicalTypeFamily.CHARACTER_STRING)) {
      return constant(String.class, literal.getValueAs(String.class).orElse(null));
    }
    if (type.is(LogicalTypeFamily.EXACT_NUMERIC)) {
      return constant(BigDecimal.class, literal.getValueAs(BigDecimal.class).orElse(null));
    }
    if (type.is(LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE)) {
      return constant(Instant.class, literal.getValueAs(Instant.class).orElse(null));
    }
    return null;
  }

  @SuppressWarnings("rawtypes")
  private static Side constant(Class<? extends Comparable> type, Comparable<?> value) {
    return value == null ? null : new Side(type, record -> value);
  }
}
