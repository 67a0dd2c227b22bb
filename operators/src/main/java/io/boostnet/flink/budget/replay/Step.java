package io.boostnet.flink.budget.replay;

import io.boostnet.flink.budget.Adjustment;
import io.boostnet.flink.budget.ExitWindow;
import org.apache.flink.annotation.Internal;

/**
 * One interval of a replay.
 *
 * @param seconds when it ended, since the start
 * @param window what was measured in it
 * @param right images among it that were predicted right
 * @param waitingMs age of the oldest image that waits then, in milliseconds
 * @param adjustment what the controller made of it, in force from here on
 */
@Internal
public record Step(
    double seconds, ExitWindow window, long right, double waitingMs, Adjustment adjustment) {}
