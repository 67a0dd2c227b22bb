package io.boostnet.jobs.faults;

import io.boostnet.jobs.format.FrameFormat;
import io.boostnet.jobs.format.OutcomeFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two of the faults of {@link FaultSuite}. */
@Timeout(900)
class FaultITCase extends FaultBed {

  FaultITCase() {
    super("faults-short");
  }

  @Test
  void taskManagerKilled_inMidBatch_losesAndDoublesNothing() throws Exception {
    taskManagerKilled(
        "TaskManager killed, bare images in and JSON out",
        TWO_SUBTASKS.with(FrameFormat.IMAGE, OutcomeFormat.JSON));
  }

  @Test
  void savepoint_otherParallelismAndMicroBatch_losesAndDoublesNothing() throws Exception {
    restoredFromSavepoint();
  }
}
