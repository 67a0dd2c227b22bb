package io.boostnet.jobs.dashboard;

/**
 * A frame with what became of it.
 *
 * @param decidedAtMs when it was decided, in milliseconds since the Unix epoch
 * @param exit the exit taken, from 1
 * @param confidence at that exit, 0..1
 * @param predicted name of the predicted class
 * @param expected name of the true class, or its index where no prediction has named it yet; null
 *     where it is not known
 * @param right whether the two are the same; null where the true class is not known
 * @param png a small picture of the frame; not to be changed
 */
record SeenFrame(
    long decidedAtMs,
    int exit,
    float confidence,
    String predicted,
    String expected,
    Boolean right,
    byte[] png) {}
