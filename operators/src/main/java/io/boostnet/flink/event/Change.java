package io.boostnet.flink.event;

import org.apache.flink.annotation.Internal;

/**
 * A class that is confirmed to be another's successor.
 *
 * @param from index of the class before; {@link SourceClass#NONE} where there was none
 * @param fromName its name; empty where there was none
 * @param to what confirmed it, with the new class
 * @param beganMs event time of the frame that it began with
 * @param confidence mean confidence of the frames that spoke for it, 0..1
 */
@Internal
public record Change(int from, String fromName, Vote to, long beganMs, float confidence) {}
