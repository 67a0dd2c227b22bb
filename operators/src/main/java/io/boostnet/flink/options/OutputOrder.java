package io.boostnet.flink.options;

import org.apache.flink.annotation.Public;

/** Order of the predictions. */
@Public
public enum OutputOrder {
  /** As they are decided: easy frames overtake hard ones. */
  UNORDERED,
  /**
   * As the frames arrived at their subtask, which keeps the order of every source whose frames
   * arrive at one subtask, as those of a Kafka partition do. Needs aligned checkpoints.
   */
  ORDERED
}
