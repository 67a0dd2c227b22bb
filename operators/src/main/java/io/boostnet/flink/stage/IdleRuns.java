package io.boostnet.flink.stage;

import java.util.Collection;
import java.util.function.Supplier;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Runs micro-batches that are not full where the task's thread would be idle: the deepest stage
 * first, so that the frames that came first go on, and one at a time, so that what comes meanwhile
 * is taken before the next. Where there is always something to take they fill, for a linger at
 * most.
 *
 * <p>A mail in the task's mailbox tells: while there is one Flink takes a single record and looks
 * into the mailbox again, so that where no record came since the mail before, there was none. For
 * the task's thread.
 */
final class IdleRuns {

  /** A stage at which rows may wait. */
  interface Waiting {

    /** Whether a row waits. */
    boolean hasRows();

    /** Whether the first of them has waited for a linger. */
    boolean isOverdue(long nowNanos);

    /** Runs them. */
    void run(Cause cause) throws Exception;
  }

  private final Collection<? extends Waiting> deepestFirst;
  private final Supplier<MailboxExecutor> mailbox;
  private final ThrowingRunnable<Exception> turn = this::turn;
  private boolean asked;
  private boolean took;

  /**
   * The runs of a task.
   *
   * @param deepestFirst its stages, the last first; may change
   * @param mailbox of its first stage, so that no operator behind it runs these turns while it
   *     waits
   */
  IdleRuns(Collection<? extends Waiting> deepestFirst, Supplier<MailboxExecutor> mailbox) {
    this.deepestFirst = deepestFirst;
    this.mailbox = mailbox;
  }

  /** The task took a record in, whatever becomes of it. */
  void took() {
    took = true;
  }

  /** A stage has rows that are to run when there is time. */
  void rowsWait() {
    if (!asked) {
      asked = true;
      mailbox.get().execute(turn, "micro-batches that are not full");
    }
  }

  private void turn() throws Exception {
    asked = false;
    boolean idle = !took;
    took = false;
    long nowNanos = System.nanoTime();
    for (Waiting stage : deepestFirst) {
      if (stage.hasRows() && (idle || stage.isOverdue(nowNanos))) {
        stage.run(idle ? Cause.IDLE : Cause.LINGER);
        break;
      }
    }
    for (Waiting stage : deepestFirst) { // once per record: a stream took 0.8 % of the thread
      if (stage.hasRows()) {
        rowsWait();
        break;
      }
    }
  }
}
