package io.boostnet.flink.coordination;

import io.boostnet.flink.budget.ExitWindow;
import org.apache.flink.annotation.Internal;

/**
 * What came into a subtask since its last report; of the task that the first stage runs in.
 *
 * @param busyNanos time that the task's thread was neither idle nor back-pressured
 * @param intake what came in to be run
 * @param inherited frames that came and were not run
 */
@Internal
public record IntakeReport(long busyNanos, ExitWindow.Intake intake, long inherited)
    implements TaskReport.Part {

  private static final long serialVersionUID = 1;
}
