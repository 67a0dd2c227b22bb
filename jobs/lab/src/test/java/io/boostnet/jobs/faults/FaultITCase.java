package io.boostnet.jobs.faults;

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
    taskManagerKilled();
  }

  @Test
  void savepoint_otherParallelismAndMicroBatch_losesAndDoublesNothing() throws Exception {
    restoredFromSavepoint();
  }
}
