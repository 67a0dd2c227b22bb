package io.boostnet.flink.inference;

import io.boostnet.flink.model.Stage;
import java.time.Duration;
import org.apache.flink.annotation.Internal;

/**
 * Port: runs one stage of a cascade. Safe for use by many threads, each with micro-batches of its
 * own. Whoever opened it closes it, after its micro-batches.
 */
@Internal
public interface StageRunner extends AutoCloseable {

  /** The stage that this runs. */
  Stage stage();

  /**
   * Native memory for so many rows; the caller closes it.
   *
   * @param capacity rows, at least 1
   */
  MicroBatch allocate(int capacity);

  /**
   * Runs the network on the rows that were appended, on the calling thread, and fills the outputs
   * of the batch.
   *
   * @throws InferenceException where the call failed; the outputs are then undefined
   */
  void run(MicroBatch batch) throws InferenceException;

  /**
   * Time per call at growing micro-batch sizes, measured at the first call with these arguments and
   * remembered with the session.
   *
   * @param within sizes whose call takes longer than this are not tried further
   * @param maxSize largest size to try
   */
  ServiceCurve serviceCurve(Duration within, int maxSize) throws InferenceException;

  /** Sessions open in this process and class loader, those of other stages too. */
  int openSessions();

  /** Whether a GPU was looked for and none can be used, so that the processor does the work. */
  boolean fellBackToCpu();

  @Override
  void close();
}
