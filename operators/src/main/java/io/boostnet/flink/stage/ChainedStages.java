package io.boostnet.flink.stage;

import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.memory.SharedResources;

/**
 * The stages of a pipeline that run in one task: they share its idle time, and the first of them
 * speaks with the coordinator for all, so that a decision costs two messages per task and not per
 * stage. They find each other through Flink's registry of shared resources. Used by the task's
 * thread alone.
 */
final class ChainedStages implements AutoCloseable {

  private static final long NO_MEMORY = 0;

  private final SharedResources registry;
  private final String name;
  private final TreeMap<Integer, StageOperator> stages = new TreeMap<>();
  private final IdleRuns idleRuns =
      new IdleRuns(stages.descendingMap().values(), () -> stages.firstEntry().getValue().mailbox());
  private long earlyNanos;

  private ChainedStages(SharedResources registry, String name) {
    this.registry = registry;
    this.name = name;
  }

  /** Joins the stages of a task; {@link #leave(int)} must follow. */
  static ChainedStages join(Environment task, String pipeline, int stage, StageOperator operator)
      throws Exception {
    ChainedStages chained = of(task, pipeline, operator);
    chained.stages.put(stage, operator);
    return chained;
  }

  /** Joins them as the head of the chain, which is no stage; {@link #leave(Object)} must follow. */
  static ChainedStages joinAsHead(Environment task, String pipeline, Object head) throws Exception {
    return of(task, pipeline, head);
  }

  private static ChainedStages of(Environment task, String pipeline, Object operator)
      throws Exception {
    SharedResources registry = task.getSharedResources();
    String name = "stages of " + pipeline + " in " + task.getExecutionId();
    return registry
        .getOrAllocateSharedResource(
            name, operator, size -> new ChainedStages(registry, name), NO_MEMORY)
        .resourceHandle();
  }

  /** Leaves them. */
  void leave(int stage) throws Exception {
    leave(stages.remove(stage));
  }

  /** The head leaves them. */
  void leave(Object head) throws Exception {
    registry.release(name, head, size -> {});
  }

  boolean isFirst(int stage) {
    return stages.firstKey() == stage;
  }

  /** The head took a record in: it may inherit or be rejected, and never come to a stage. */
  void took() {
    idleRuns.took();
  }

  /** A stage took a frame in, or one that has left; that the first did means that the task did. */
  void took(int stage) {
    if (isFirst(stage)) {
      idleRuns.took();
    }
  }

  /** A stage has rows that are to run when the thread would be idle. */
  void rowsWait() {
    idleRuns.rowsWait();
  }

  /** A call took so much longer than what counts of it ({@link CountedTime}). */
  void ranEarly(long nanos) {
    earlyNanos += nanos;
  }

  /** What calls took longer since the last call of this, for not waiting. */
  long drainEarlyNanos() {
    long nanos = earlyNanos;
    earlyNanos = 0;
    return nanos;
  }

  /** All of them, ascending. */
  Stream<StageOperator> all() {
    return stages.values().stream();
  }

  /** Nothing to free: called by the registry when the last stage has left. */
  @Override
  public void close() {}
}
