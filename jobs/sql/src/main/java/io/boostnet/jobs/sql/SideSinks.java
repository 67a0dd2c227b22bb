package io.boostnet.jobs.sql;

import io.boostnet.jobs.serve.FrameGraph;
import io.boostnet.schema.Prediction;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.datastream.CustomSinkOperatorUidHashes;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.transformations.SinkTransformation;
import org.apache.flink.streaming.api.transformations.UnionTransformation;

/**
 * Makes the sinks beside a table's predictions part of its query. The planner translates what a
 * query's own sinks are made from, and nothing else: a sink that a source attaches on the side is
 * dropped without a word. Here the sinks are inputs of a union with the predictions. A sink has no
 * output, so that nothing comes out of it, and no operator stands in the job for the union; but
 * whoever follows the inputs of the rows finds the sinks.
 */
final class SideSinks {

  private SideSinks() {}

  /** The predictions of a graph, which bring its sinks along. */
  static DataStream<Prediction> keep(FrameGraph.Wired wired) {
    DataStream<Prediction> predictions = wired.predictions();
    List<Transformation<Prediction>> all = new ArrayList<>();
    all.add(predictions.getTransformation());
    wired.outlets().forEach(outlet -> all.add(sink(outlet, predictions.getType())));
    return new DataStream<>(predictions.getExecutionEnvironment(), new UnionTransformation<>(all));
  }

  /**
   * What {@code sinkTo} makes, but for the type of an output that a sink does not have: a union is
   * of one type.
   */
  private static <T> Transformation<Prediction> sink(
      FrameGraph.Outlet<T> outlet, TypeInformation<Prediction> type) {
    DataStream<T> stream = outlet.stream();
    SinkTransformation<T, Prediction> sink =
        new SinkTransformation<>(
            stream,
            outlet.sink(),
            type,
            outlet.name(),
            stream.getParallelism(),
            true,
            CustomSinkOperatorUidHashes.DEFAULT);
    sink.setUid(outlet.name());
    return sink;
  }
}
