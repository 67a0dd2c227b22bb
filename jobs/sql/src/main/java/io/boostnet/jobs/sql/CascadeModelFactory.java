package io.boostnet.jobs.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedCatalogModel;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.ml.ModelProvider;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.VarBinaryType;

/**
 * Makes models of {@code 'provider' = 'boostnet'}. A wrong option or column fails the statement
 * that first uses the model, in one sentence. Found by Flink as a service.
 *
 * <p>Outputs bear the name of their model: Flink takes two models of equal inputs and outputs for
 * one, and calls an output that its table has as well by another name.
 */
@Internal
public final class CascadeModelFactory implements ModelProviderFactory {

  @Override
  public String factoryIdentifier() {
    return "boostnet";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return ModelOptions.flinkOptions(true);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return ModelOptions.flinkOptions(false);
  }

  @Override
  public ModelProvider createModelProvider(Context context) {
    String model = context.getObjectIdentifier().getObjectName();
    ResolvedCatalogModel declared = context.getCatalogModel();
    requireImage(model, declared.getResolvedInputSchema().getColumns());
    return new CascadeModel(
        ModelOptions.of(model, declared.getOptions(), context.getConfiguration()),
        outputs(model, declared.getResolvedOutputSchema().getColumns()));
  }

  private static void requireImage(String model, List<Column> inputs) {
    if (inputs.size() != 1
        || !(inputs.get(0).getDataType().getLogicalType() instanceof VarBinaryType)) {
      throw new ValidationException(
          "The model %s has the inputs %s; it takes one, an encoded image as BYTES."
              .formatted(model, inputs));
    }
  }

  private static List<ModelColumn> outputs(String model, List<Column> declared) {
    List<ModelColumn> outputs = new ArrayList<>();
    for (Column column : declared) {
      outputs.add(output(model, column));
    }
    if (!outputs.contains(ModelColumn.ERROR)) {
      throw new ValidationException(
          "The model %s has no output %s_error STRING, which says why an image could not be classified; add it."
              .formatted(model, model));
    }
    return outputs;
  }

  private static ModelColumn output(String model, Column column) {
    String prefix = model + "_";
    if (!column.getName().startsWith(prefix)) {
      throw new ValidationException(
          "The model %s has an output %s; call it %s%s: Flink takes two models with the same outputs for one, and renames an output that its table has too."
              .formatted(model, column.getName(), prefix, column.getName()));
    }
    ModelColumn known;
    try {
      known = ModelColumn.named(column.getName().substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      throw new ValidationException(
          "The model %s has an output %s, which is none; behind %s may stand %s."
              .formatted(model, column.getName(), prefix, e.getMessage()),
          e);
    }
    LogicalType type = column.getDataType().getLogicalType();
    if (!type.isNullable()) {
      throw new ValidationException(
          "The model %s declares its output %s NOT NULL, and Flink would show an empty value where there is none; leave NOT NULL out."
              .formatted(model, column.getName()));
    }
    if (!type.equals(known.type().getLogicalType())) {
      throw new ValidationException(
          "The model %s declares its output %s as %s; it is %s."
              .formatted(model, column.getName(), type, known.type()));
    }
    return known;
  }
}
