package io.boostnet.jobs.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.types.logical.LogicalType;

/**
 * Makes tables of {@code 'connector' = 'boostnet'}. A wrong option or column fails the statement
 * that first uses the table, in one sentence. Found by Flink as a service.
 */
@Internal
public final class FrameTableFactory implements DynamicTableSourceFactory {

  @Override
  public String factoryIdentifier() {
    return "boostnet";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return TableOptions.flinkOptions(true);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return TableOptions.flinkOptions(false);
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    String table = context.getObjectIdentifier().getObjectName();
    ResolvedSchema schema = context.getCatalogTable().getResolvedSchema();
    TableOptions options = TableOptions.of(table, context.getCatalogTable().getOptions());
    List<TableColumn<?>> physical = new ArrayList<>();
    Map<String, RecordColumn> metadata = new HashMap<>();
    for (Column column : schema.getColumns()) {
      if (column.isPhysical()) {
        physical.add(physical(table, options.rows(), column));
      } else if (column instanceof Column.MetadataColumn read) {
        String key = read.getMetadataKey().orElse(read.getName());
        RecordColumn.of(key).ifPresent(known -> metadata.put(read.getName(), known));
      }
    }
    return new FrameTableSource(
        table,
        options,
        metadata,
        RecordTime.isOfRecord(schema, metadata),
        physical,
        context.getPhysicalRowDataType());
  }

  private static TableColumn<?> physical(String table, TableRows rows, Column column) {
    TableColumn<?> known;
    try {
      known = rows.column(column.getName());
    } catch (IllegalArgumentException e) {
      throw new ValidationException("The table %s: %s.".formatted(table, e.getMessage()), e);
    }
    LogicalType declared = column.getDataType().getLogicalType();
    if (!declared.copy(true).equals(known.type().getLogicalType())) {
      throw new ValidationException(
          "The table %s declares %s as %s; it is %s."
              .formatted(table, column.getName(), declared, known.type()));
    }
    return known;
  }
}
