package io.boostnet.jobs.sql;

import java.util.List;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.ml.AsyncPredictRuntimeProvider;
import org.apache.flink.table.ml.ModelProvider;

/**
 * A model of SQL whose images are classified in the task that asks, without another process.
 * Immutable; equal to another of the same options and outputs.
 *
 * @param options what it was told
 * @param outputs its outputs, in their order
 */
record CascadeModel(ModelOptions options, List<ModelColumn> outputs)
    implements AsyncPredictRuntimeProvider {

  CascadeModel {
    outputs = List.copyOf(outputs);
  }

  @Override
  public AsyncPredictFunction createAsyncPredictFunction(Context context) {
    return options.function(outputs, context.runtimeConfig());
  }

  @Override
  public ModelProvider copy() {
    return this;
  }
}
