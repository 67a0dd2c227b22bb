package io.boostnet.flink.model;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * What a frame was decided to be at the exit it left at, taken along to the last exit for
 * comparison.
 *
 * @param exit the exit, 1 .. K - 1
 * @param label index of the class predicted there
 */
@Internal
public record Audit(int exit, int label) implements Serializable {

  private static final long serialVersionUID = 1;
}
