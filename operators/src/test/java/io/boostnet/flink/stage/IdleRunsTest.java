package io.boostnet.flink.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.function.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/** Which of a task's micro-batches runs before it is full, and when. */
class IdleRunsTest {

  private final Queue<ThrowingRunnable<? extends Exception>> mails = new ArrayDeque<>();
  private final List<String> ran = new ArrayList<>();
  private final Stage second = new Stage("second", null);
  private final Stage first = new Stage("first", second);
  private final IdleRuns runs = new IdleRuns(List.of(second, first), () -> new Mailbox(mails));

  @Test
  void idleThread_runsTheDeepestStage_andThenLooksForRecords() throws Exception {
    first.take();
    second.rows++;
    look();
    assertThat(ran).as("a record came").isEmpty();

    look();
    assertThat(ran).containsExactly("second idle");
    first.take();
    look();
    assertThat(ran).hasSize(1);

    look();
    look();
    assertThat(ran).containsExactly("second idle", "first idle", "second idle");
    assertThat(mails).isEmpty();
  }

  @Test
  void busyThread_runsWhatHasWaitedForALinger_andNothingElse() throws Exception {
    first.take();
    look();
    first.overdue = true;
    first.take();
    look();
    assertThat(ran).containsExactly("first");
  }

  @Test
  void recordsThatComeToNoStage_areNoIdleness() throws Exception {
    first.take();
    look();
    runs.took(); // inherits, or is rejected
    look();
    assertThat(ran).isEmpty();
    look();
    assertThat(ran).containsExactly("first idle");
  }

  @Test
  void rowsThatWait_askOnce() {
    first.take();
    first.take();
    runs.rowsWait();
    assertThat(mails).hasSize(1);
  }

  private void look() throws Exception {
    mails.remove().run();
  }

  /** Hands its rows to the next when it runs. */
  private final class Stage implements IdleRuns.Waiting {
    private final String name;
    private final Stage next;
    private int rows;
    private boolean overdue;

    Stage(String name, Stage next) {
      this.name = name;
      this.next = next;
    }

    void take() {
      rows++;
      runs.took();
      runs.rowsWait();
    }

    @Override
    public boolean hasRows() {
      return rows > 0;
    }

    @Override
    public boolean isOverdue(long nowNanos) {
      return overdue;
    }

    @Override
    public void run(Cause cause) {
      ran.add(cause == Cause.IDLE ? name + " idle" : name);
      if (next != null) {
        next.rows += rows;
        runs.rowsWait();
      }
      rows = 0;
    }
  }

  private record Mailbox(Queue<ThrowingRunnable<? extends Exception>> mails)
      implements MailboxExecutor {

    @Override
    public void execute(
        MailOptions options,
        ThrowingRunnable<? extends Exception> command,
        String description,
        Object... arguments) {
      mails.add(command);
    }

    @Override
    public void yield() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean tryYield() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean shouldInterrupt() {
      return false;
    }
  }
}
