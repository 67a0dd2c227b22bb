package io.boostnet.jobs.sql;

import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.serve.ConfigKey;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.ServeConfigReader;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * The options of a table: keys of the Kafka job's configuration, under their names there, but those
 * that say what a table says otherwise. Immutable.
 *
 * <p>Three defaults are a table's own. The pipeline is called like the table, and so is the
 * consumer group; the sinks of dead letters and control events are at-least-once, since a query may
 * run without checkpoints, and an exactly-once sink would then never show anything.
 */
final class TableOptions {

  /** Keys that a table has no use for, and what stands in their place. */
  private static final Map<ConfigKey, String> ELSEWHERE =
      Map.of(
          ConfigKey.PREDICTIONS,
              "predictions are the rows of the table, INSERT them where you like",
          ConfigKey.PARALLELISM, "SET 'parallelism.default'",
          ConfigKey.CHECKPOINT_INTERVAL_MS, "SET 'execution.checkpointing.interval'",
          ConfigKey.CHECKPOINT_DIR, "SET 'execution.checkpointing.dir'",
          ConfigKey.UI_PORT, "Flink's own options",
          ConfigKey.METRICS_PORT, "Flink's own options");

  /** What Flink itself reads of a table's options. */
  private static final Set<String> FLINKS =
      Set.of(
          FactoryUtil.CONNECTOR.key(),
          FactoryUtil.PROPERTY_VERSION.key(),
          FactoryUtil.WATERMARK_EMIT_STRATEGY.key(),
          "scan.watermark.emit.on-event.gap",
          FactoryUtil.WATERMARK_ALIGNMENT_GROUP.key(),
          FactoryUtil.WATERMARK_ALIGNMENT_MAX_DRIFT.key(),
          FactoryUtil.WATERMARK_ALIGNMENT_UPDATE_INTERVAL.key(),
          FactoryUtil.SOURCE_IDLE_TIMEOUT.key());

  private static final ConfigOption<String> ROWS =
      ConfigOptions.key("rows")
          .stringType()
          .defaultValue(TableRows.PREDICTIONS.toString())
          .withDescription("What the rows are: predictions, or events.");

  private final String table;
  private final TableRows rows;
  private final Map<String, String> values;

  private TableOptions(String table, TableRows rows, Map<String, String> values) {
    this.table = table;
    this.rows = rows;
    this.values = Map.copyOf(values);
  }

  /**
   * Reads and checks the options.
   *
   * @param table name of the table
   * @throws ValidationException where a key is none, or a value cannot be used
   */
  static TableOptions of(String table, Map<String, String> given) {
    Map<String, String> values = new HashMap<>();
    values.put(ConfigKey.PIPELINE.key(), table);
    values.put(ConfigKey.DELIVERY.key(), "at-least-once");
    TableRows rows = rows(table, given);
    given.forEach(
        (key, value) -> {
          if (!FLINKS.contains(key) && !key.equals(ROWS.key())) {
            requireKnown(table, key);
            values.put(key, value);
          }
        });
    values.putIfAbsent(ConfigKey.GROUP_ID.key(), values.get(ConfigKey.PIPELINE.key()));
    TableOptions options = new TableOptions(table, rows, values);
    options.requireEventsOfImages();
    return options;
  }

  private static TableRows rows(String table, Map<String, String> given) {
    TableRows rows;
    try {
      rows = TableRows.parse(given.getOrDefault(ROWS.key(), ROWS.defaultValue()));
    } catch (IllegalArgumentException e) {
      throw new ValidationException("The table %s: %s.".formatted(table, e.getMessage()), e);
    }
    if (rows == TableRows.EVENTS && given.containsKey(ConfigKey.EVENTS.key())) {
      throw new ValidationException(
          "The table %s has the option %s, and its rows are events: INSERT them where you like."
              .formatted(table, ConfigKey.EVENTS.key()));
    }
    return rows;
  }

  private void requireEventsOfImages() {
    ServeConfig config = config(false, true);
    if (rows == TableRows.EVENTS) {
      return;
    }
    try {
      config.requireEventsOfImages();
    } catch (IllegalArgumentException e) {
      throw new ValidationException("The table %s: %s.".formatted(table, e.getMessage()), e);
    }
  }

  /** What the rows of the table are. */
  TableRows rows() {
    return rows;
  }

  private static void requireKnown(String table, String key) {
    for (Map.Entry<ConfigKey, String> elsewhere : ELSEWHERE.entrySet()) {
      if (elsewhere.getKey().key().equals(key)) {
        throw new ValidationException(
            "The table %s has the option %s, which is none of a table: %s."
                .formatted(table, key, elsewhere.getValue()));
      }
    }
    if (keys().noneMatch(known -> known.key().equals(key))) {
      throw new ValidationException(
          "The table %s has the unknown option %s; known are %s, rows."
              .formatted(table, key, keys().map(ConfigKey::key).collect(Collectors.joining(", "))));
    }
  }

  private static java.util.stream.Stream<ConfigKey> keys() {
    return Arrays.stream(ConfigKey.values()).filter(key -> !ELSEWHERE.containsKey(key));
  }

  /** All of them for Flink, required or not. */
  static Set<ConfigOption<?>> flinkOptions(boolean required) {
    List<ConfigKey> needed = List.of(ConfigKey.BUNDLE, ConfigKey.BOOTSTRAP_SERVERS);
    Set<ConfigOption<?>> options =
        keys()
            .filter(key -> needed.contains(key) == required)
            .map(
                key ->
                    ConfigOptions.key(key.key())
                        .stringType()
                        .noDefaultValue()
                        .withDescription(key.description()))
            .collect(Collectors.toSet());
    if (!required) {
      options.add(ROWS);
    }
    return options;
  }

  /**
   * The configuration of the job that the table is.
   *
   * @param withHeaders whether the headers of the records are asked for; where it is not said which
   *     ones travel, all do
   * @param withEventImages whether the images of events are asked for; else none travels
   * @throws ValidationException where a value cannot be used
   */
  ServeConfig config(boolean withHeaders, boolean withEventImages) {
    Map<String, String> all = new LinkedHashMap<>(values);
    if (withHeaders) {
      all.putIfAbsent(ConfigKey.FORWARD_HEADERS.key(), "*");
    }
    if (!withEventImages) {
      all.remove(ConfigKey.EVENTS_IMAGE_BYTES.key());
    }
    try {
      return ServeConfigReader.read(all, "the options of the table " + table);
    } catch (ConfigException e) {
      throw new ValidationException(e.getMessage(), e);
    }
  }
}
