package io.boostnet.flink.stage;

import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.memory.SharedResources;

/**
 * The stages of a pipeline that run in one task: the first of them speaks with the coordinator for
 * all, so that a decision costs two messages per task and not per stage. They find each other
 * through Flink's registry of shared resources. Used by the task's thread alone.
 */
final class ChainedStages implements AutoCloseable {

  private static final long NO_MEMORY = 0;

  private final SharedResources registry;
  private final String name;
  private final TreeMap<Integer, StageOperator> stages = new TreeMap<>();

  private ChainedStages(SharedResources registry, String name) {
    this.registry = registry;
    this.name = name;
  }

  /** Joins the stages of a task; {@link #leave} must follow. */
  static ChainedStages join(Environment task, String pipeline, int stage, StageOperator operator)
      throws Exception {
    SharedResources registry = task.getSharedResources();
    String name = "stages of " + pipeline + " in " + task.getExecutionId();
    ChainedStages chained =
        registry
            .getOrAllocateSharedResource(
                name, operator, size -> new ChainedStages(registry, name), NO_MEMORY)
            .resourceHandle();
    chained.stages.put(stage, operator);
    return chained;
  }

  /** Leaves them. */
  void leave(int stage) throws Exception {
    registry.release(name, stages.remove(stage), size -> {});
  }

  boolean isFirst(int stage) {
    return stages.firstKey() == stage;
  }

  /** All of them, ascending. */
  Stream<StageOperator> all() {
    return stages.values().stream();
  }

  /** Nothing to free: called by the registry when the last stage has left. */
  @Override
  public void close() {}
}
