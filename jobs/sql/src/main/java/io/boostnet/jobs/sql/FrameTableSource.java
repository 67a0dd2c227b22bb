package io.boostnet.jobs.sql;

import io.boostnet.flink.codec.BundleException;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.flink.options.Limits;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.kafka.SourceRecordSchema;
import io.boostnet.jobs.serve.FrameGraph;
import io.boostnet.jobs.serve.Preflight;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.StopOffsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.types.DataType;
import org.apache.flink.util.TemporaryClassLoaderContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table of predictions or events: the Kafka source and the whole chain of the Kafka job. The
 * planner tells it what a query wants, before it is wired: columns, conditions on the Kafka record,
 * watermarks.
 */
final class FrameTableSource
    implements ScanTableSource,
        SupportsProjectionPushDown,
        SupportsReadingMetadata,
        SupportsFilterPushDown,
        SupportsWatermarkPushDown {

  private static final Logger LOG = LoggerFactory.getLogger(FrameTableSource.class);

  /** Names and values of all columns but the image: a topic has at most 249 characters. */
  private static final int COLUMN_BYTES = 1024;

  private final String table;
  private final TableOptions options;
  private final Map<String, RecordColumn> recordColumns;
  private final boolean timeIsOfRecord;
  private List<? extends TableColumn<?>> physical;
  private List<RecordColumn> metadata = List.of();
  private List<RecordFilter> filters = List.of();
  private WatermarkStrategy<RowData> watermarks;
  private DataType produced;

  /**
   * All columns of a table.
   *
   * @param recordColumns columns of the record, by the name that the table gives them
   * @param timeIsOfRecord whether its watermarks depend on the Kafka record alone
   */
  FrameTableSource(
      String table,
      TableOptions options,
      Map<String, RecordColumn> recordColumns,
      boolean timeIsOfRecord,
      List<? extends TableColumn<?>> physical,
      DataType produced) {
    this.table = table;
    this.options = options;
    this.recordColumns = Map.copyOf(recordColumns);
    this.timeIsOfRecord = timeIsOfRecord;
    this.physical = List.copyOf(physical);
    this.produced = produced;
  }

  @Override
  public DynamicTableSource copy() {
    FrameTableSource copy =
        new FrameTableSource(table, options, recordColumns, timeIsOfRecord, physical, produced);
    copy.metadata = metadata;
    copy.filters = filters;
    copy.watermarks = watermarks;
    return copy;
  }

  @Override
  public String asSummaryString() {
    return "BoostNet";
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }

  @Override
  public boolean supportsNestedProjection() {
    return false;
  }

  @Override
  public void applyProjection(int[][] fields, DataType type) {
    List<? extends TableColumn<?>> all = physical;
    physical = Arrays.stream(fields).map(path -> all.get(path[0])).toList();
    produced = type;
  }

  @Override
  public Map<String, DataType> listReadableMetadata() {
    Map<String, DataType> readable = new LinkedHashMap<>();
    for (RecordColumn column : options.rows().recordColumns()) {
      readable.put(column.key(), column.type());
    }
    return readable;
  }

  @Override
  public void applyReadableMetadata(List<String> keys, DataType type) {
    metadata = keys.stream().map(key -> RecordColumn.of(key).orElseThrow()).toList();
    produced = type;
  }

  @Override
  public Result applyFilters(List<ResolvedExpression> conditions) {
    List<RecordFilter> decided = new ArrayList<>(filters);
    List<ResolvedExpression> accepted = new ArrayList<>();
    List<ResolvedExpression> remaining = new ArrayList<>();
    for (ResolvedExpression condition : conditions) {
      Optional<RecordFilter> filter = RecordFilter.of(condition, recordColumns);
      filter.ifPresent(decided::add);
      (filter.isPresent() ? accepted : remaining).add(condition);
    }
    filters = List.copyOf(decided);
    return Result.of(accepted, remaining);
  }

  @Override
  public void applyWatermark(WatermarkStrategy<RowData> strategy) {
    watermarks = strategy;
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    ServeConfig config = config();
    TypeInformation<RowData> rowType = context.createTypeInformation(produced);
    return new DataStreamScanProvider() {
      @Override
      public boolean isBounded() {
        return config.kafka().stop() == StopOffsets.LATEST;
      }

      @Override
      public DataStream<RowData> produceDataStream(
          ProviderContext provider, StreamExecutionEnvironment env) {
        return wire(config, rowType, env);
      }
    };
  }

  /** The configuration of the job that a query makes of the table. */
  ServeConfig config() {
    boolean eventImages =
        options.rows() != TableRows.EVENTS || physical.contains(EventColumn.IMAGE);
    return options.config(metadata.contains(RecordColumn.HEADERS), eventImages);
  }

  private DataStream<RowData> wire(
      ServeConfig config, TypeInformation<RowData> rowType, StreamExecutionEnvironment env) {
    if (env.getConfiguration().get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH) {
      throw new ValidationException(
          "The table %s cannot be read in batch mode, in which nothing is checkpointed and no budget is kept; SET 'execution.runtime-mode' = 'streaming', and 'kafka.stop' = 'latest' for a query that ends."
              .formatted(table));
    }
    Limits limits = Limits.DEFAULT;
    if (!metadata.isEmpty()) { // columns travel beside a frame's own headers and fields
      int image = metadata.contains(RecordColumn.IMAGE) ? limits.imageBytes() : 0;
      limits = limits.withBaggage(limits.baggageBytes() + COLUMN_BYTES + image);
    }
    boolean early = watermarks != null && timeIsOfRecord;
    FrameGraph.Wired wired;
    // Kafka's clients look for their classes there; a session with ADD JAR has another while it
    // plans.
    try (var ours = TemporaryClassLoaderContext.of(FrameTableSource.class.getClassLoader())) {
      FrameGraph.requireFrequentCheckpoints(
          config.kafka().delivery(),
          KafkaAccess.withFiles(
                  config.kafka().bootstrapServers(), config.kafka().clientProperties())
              .clientProperties(),
          env.getCheckpointConfig().getCheckpointInterval(),
          CheckpointingOptions.CHECKPOINTING_INTERVAL.key());
      wired = Preflight.prepareGraph(config, limits, LOG::info).wire(env, intake(early));
    } catch (ConfigException | BundleException e) {
      throw new ValidationException("The table %s: %s".formatted(table, e.getMessage()), e);
    }
    int parallelism = wired.predictions().getParallelism();
    DataStream<RowData> rows =
        options
            .rows()
            .of(wired, physical, metadata, rowType)
            .name(config.pipeline() + "-rows")
            .setParallelism(parallelism);
    if (watermarks != null && !early) {
      rows =
          rows.assignTimestampsAndWatermarks(watermarks)
              .name(config.pipeline() + "-time")
              .setParallelism(parallelism);
    }
    return rows;
  }

  private FrameGraph.Intake intake(boolean early) {
    List<RecordFilter> all = filters;
    SourceRecordSchema.Filter filter =
        record -> {
          for (RecordFilter each : all) {
            if (!each.test(record)) {
              return false;
            }
          }
          return true;
        };
    List<RecordColumn> travelling =
        metadata.stream().filter(column -> column != RecordColumn.HEADERS).toList();
    WatermarkStrategy<SourceRecord> time =
        early
            ? new RecordTime(watermarks, physical.size(), metadata)
            : WatermarkStrategy.noWatermarks();
    return new FrameGraph.Intake(
        time,
        filter,
        format -> travelling.isEmpty() ? format : new ColumnDecoder(format, travelling),
        travelling.isEmpty() ? null : new ColumnDecoder.Remover(),
        options.rows() == TableRows.EVENTS);
  }
}
