package io.boostnet.jobs.sql;

import io.boostnet.jobs.serve.FrameGraph;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.datastream.CustomSinkOperatorUidHashes;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.transformations.SinkTransformation;
import org.apache.flink.streaming.api.transformations.UnionTransformation;

/**
 * Makes the sinks beside a table's rows part of its query. The planner translates what a query's
 * own sinks are made from, and nothing else: a sink that a source attaches on the side is dropped
 * without a word. Here the sinks are inputs of a union with the rows. A sink has no output, so that
 * nothing comes out of it, and no operator stands in the job for the union; but whoever follows the
 * inputs of the rows finds the sinks.
 */
final class SideSinks {

  private SideSinks() {}

  /** Rows that bring sinks along. */
  static <R> DataStream<R> keep(DataStream<R> rows, List<FrameGraph.Outlet<?>> outlets) {
    List<Transformation<R>> all = new ArrayList<>();
    all.add(rows.getTransformation());
    outlets.forEach(outlet -> all.add(sink(outlet, rows.getType())));
    return new DataStream<>(rows.getExecutionEnvironment(), new UnionTransformation<>(all));
  }

  /**
   * What {@code sinkTo} makes, but for the type of an output that a sink does not have: a union is
   * of one type.
   */
  private static <T, R> Transformation<R> sink(
      FrameGraph.Outlet<T> outlet, TypeInformation<R> type) {
    DataStream<T> stream = outlet.stream();
    SinkTransformation<T, R> sink =
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
