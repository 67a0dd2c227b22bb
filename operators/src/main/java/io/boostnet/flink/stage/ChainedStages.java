package io.boostnet.flink.stage;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

/**
 * The stages that run in one task: the first of them speaks with the coordinator for all, so that a
 * decision costs two messages per task and not per stage. Used by the task's thread alone.
 */
final class ChainedStages {

  private static final Map<StreamTask<?, ?>, ChainedStages> TASKS = new ConcurrentHashMap<>();

  private final TreeMap<Integer, StageOperator> stages = new TreeMap<>();

  private ChainedStages() {}

  /** Joins the stages of a task; {@link #leave} must follow. */
  static ChainedStages join(StreamTask<?, ?> task, int stage, StageOperator operator) {
    ChainedStages chained = TASKS.computeIfAbsent(task, t -> new ChainedStages());
    chained.stages.put(stage, operator);
    return chained;
  }

  /** Leaves them. */
  void leave(StreamTask<?, ?> task, int stage) {
    stages.remove(stage);
    if (stages.isEmpty()) {
      TASKS.remove(task);
    }
  }

  boolean isFirst(int stage) {
    return stages.firstKey() == stage;
  }

  /** All of them, ascending. */
  Stream<StageOperator> all() {
    return stages.values().stream();
  }
}
